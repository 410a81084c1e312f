// Voxels and the header that says what they are.

package voxhost

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync/atomic"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
)

// Image is a volume in this program's memory.
type Image struct {
	// Header says sizes, component type and geometry (index to millimetres in LPS).
	Header *pb.VolumeHeader
	// Voxels as they lie in memory: first axis fastest, components side by side, little-endian.
	Voxels []byte
}

var componentBytes = map[pb.ComponentType]int64{
	pb.ComponentType_COMPONENT_TYPE_UINT8: 1, pb.ComponentType_COMPONENT_TYPE_INT8: 1,
	pb.ComponentType_COMPONENT_TYPE_UINT16: 2, pb.ComponentType_COMPONENT_TYPE_INT16: 2,
	pb.ComponentType_COMPONENT_TYPE_UINT32: 4, pb.ComponentType_COMPONENT_TYPE_INT32: 4,
	pb.ComponentType_COMPONENT_TYPE_UINT64: 8, pb.ComponentType_COMPONENT_TYPE_INT64: 8,
	pb.ComponentType_COMPONENT_TYPE_FLOAT32: 4, pb.ComponentType_COMPONENT_TYPE_FLOAT64: 8,
}

// SizeBytes is the number of bytes that a header promises.
func SizeBytes(header *pb.VolumeHeader) int64 {
	bytes := componentBytes[header.GetComponentType()] * int64(max(1, header.GetComponents()))
	for _, size := range header.GetSizes() {
		bytes *= size
	}
	return bytes
}

func (image *Image) check() error {
	promised := SizeBytes(image.Header)
	if int64(len(image.Voxels)) == promised {
		return nil
	}
	return invalid("voxels", fmt.Sprintf("%d bytes", len(image.Voxels)), fmt.Sprintf("%d bytes, as the header says", promised))
}

func digest(voxels []byte) string {
	sum := sha256.Sum256(voxels)
	return hex.EncodeToString(sum[:])
}

// digestBeside hashes while its caller goes on. sum waits for the digest; stop ends the work, after which nobody reads the
// voxels any more.
func digestBeside(voxels []byte) (sum func() string, stop func()) {
	var isStopped atomic.Bool
	var digest string
	done := make(chan struct{})
	go func() {
		defer close(done)
		hash := sha256.New()
		for piece := range slices.Chunk(voxels, 1<<20) {
			if isStopped.Load() {
				return
			}
			hash.Write(piece)
		}
		digest = hex.EncodeToString(hash.Sum(nil))
	}()
	sum = func() string {
		<-done
		return digest
	}
	return sum, func() {
		isStopped.Store(true)
		<-done
	}
}
