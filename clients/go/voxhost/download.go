// Downloads: verified by their digest, gone on with where a lost connection stopped.

package voxhost

import (
	"context"
	"errors"
	"fmt"
	"io"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc/codes"
)

// Download brings a volume's voxels by its name, such as run.GetOutputs()[0].GetVolume().GetName().
//
// Reasons: VOLUME_NOT_FOUND, DIGEST_MISMATCH, INCOMPLETE_DOWNLOAD, HOST_UNAVAILABLE.
func (h *Host) Download(ctx context.Context, volume string) (*Image, error) {
	d := download{name: volume}
	for attempt := 1; ; attempt++ {
		before := len(d.voxels)
		err := h.readOn(ctx, &d)
		if err == nil {
			break
		}
		if len(d.voxels) > before {
			attempt = 1
		}
		if !isLostConnection(err) || attempt >= maxAttempts {
			return nil, err
		}
		if err := waitBeforeRetry(ctx, attempt); err != nil {
			return nil, err
		}
	}
	if d.volume == nil || int64(len(d.voxels)) != d.volume.GetSizeBytes() {
		return nil, d.incomplete()
	}
	if digest(d.voxels) != d.volume.GetSha256() {
		return nil, &Error{
			Code: codes.DataLoss, Reason: "DIGEST_MISMATCH",
			Message: fmt.Sprintf("The voxels of volume %s are not what its digest says. Download it again.", volume),
		}
	}
	return &Image{Header: d.volume.GetHeader(), Voxels: d.voxels}, nil
}

// download is what came so far.
type download struct {
	name   string
	volume *pb.Volume
	voxels []byte
}

func (h *Host) readOn(ctx context.Context, d *download) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream, err := h.volumes.ReadVolume(ctx, &pb.ReadVolumeRequest{Name: d.name, OffsetBytes: int64(len(d.voxels))})
	if err != nil {
		return h.explain(ctx, err)
	}
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return h.explain(ctx, err)
		}
		if volume := message.GetVolume(); volume != nil && d.volume == nil {
			if SizeBytes(volume.GetHeader()) != volume.GetSizeBytes() {
				return d.incomplete()
			}
			d.volume = volume
			d.voxels = make([]byte, 0, volume.GetSizeBytes())
		}
		if chunk := message.GetChunk(); chunk != nil {
			fits := d.volume != nil && len(d.voxels)+len(chunk.GetData()) <= cap(d.voxels)
			if !fits || chunk.GetOffsetBytes() != int64(len(d.voxels)) || chunk.GetEncoding() != 0 {
				return d.incomplete()
			}
			d.voxels = append(d.voxels, chunk.GetData()...)
		}
	}
}

func (d *download) incomplete() error {
	return &Error{
		Code: codes.DataLoss, Reason: "INCOMPLETE_DOWNLOAD",
		Message: fmt.Sprintf("Volume %s came out of order or incomplete, after %d bytes. Download it again.", d.name, len(d.voxels)),
	}
}
