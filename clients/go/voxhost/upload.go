// Uploads: nothing is sent that the host has; a lost connection goes on from the byte that is safe.

package voxhost

import (
	"context"
	"crypto/rand"
	"errors"
	"io"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc/codes"
)

// A good size on loopback and on slow links alike; a multiple of every component's bytes.
const chunkBytes = 512 << 10

// Hashing a smaller image takes no time worth saving.
const hashedBesideBytes = 4 << 20

// Upload brings an image to the host and answers with the volume that it is there. Its voxels are not sent when the
// host has them already. When the connection breaks it goes on where it stopped.
//
// Reasons: INVALID_FIELD (the header, or voxels that are not what it says), LIMIT_EXCEEDED, DISK_FULL, and
// HOST_UNAVAILABLE when the connection stays away for several attempts without a byte of progress.
func (h *Host) Upload(ctx context.Context, image *Image) (*pb.Volume, error) {
	return h.upload(ctx, image, func(int64) {})
}

func (h *Host) upload(ctx context.Context, image *Image, onBytes func(done int64)) (*pb.Volume, error) {
	if err := image.check(); err != nil {
		return nil, err
	}
	isBeside, err := h.cannotBeThere(ctx, int64(len(image.Voxels)))
	if err != nil {
		return nil, err
	}
	if isBeside {
		sum, stop := digestBeside(image.Voxels)
		defer stop()
		return h.writePatiently(ctx, image, sum, onBytes)
	}
	sum := digest(image.Voxels)
	asked := &pb.FindMissingVolumesRequest{Keys: []*pb.VolumeKey{{Header: image.Header, Sha256: sum}}}
	found, err := patiently(ctx, h, func() (*pb.FindMissingVolumesResponse, error) {
		return h.volumes.FindMissingVolumes(ctx, asked)
	})
	if err != nil {
		return nil, err
	}
	if len(found.GetPresent()) > 0 {
		onBytes(int64(len(image.Voxels)))
		return found.GetPresent()[0], nil
	}
	return h.writePatiently(ctx, image, func() string { return sum }, onBytes)
}

// cannotBeThere tells whether the host holds fewer bytes than a large image has: then it is sent unasked, and hashed meanwhile.
func (h *Host) cannotBeThere(ctx context.Context, total int64) (bool, error) {
	if total < hashedBesideBytes {
		return false, nil
	}
	info, err := patiently(ctx, h, func() (*pb.HostInfo, error) {
		return h.hosts.GetHostInfo(ctx, &pb.GetHostInfoRequest{})
	})
	return info.GetLimits().GetStoreUsedBytes() < total, err
}

// writePatiently sends an image, through lost connections. sum waits for the digest, which the last message needs.
func (h *Host) writePatiently(ctx context.Context, image *Image, sum func() string, onBytes func(int64)) (*pb.Volume, error) {
	id, committed := rand.Text(), int64(0)
	for attempt := 1; ; attempt++ {
		volume, err := h.write(ctx, image, id, sum, committed, onBytes)
		if err == nil {
			return volume, nil
		}
		canGoOn := isLostConnection(err) || (committed > 0 && isOffsetRefused(err))
		if !canGoOn || attempt >= maxAttempts {
			return nil, err
		}
		if err := waitBeforeRetry(ctx, attempt); err != nil {
			return nil, err
		}
		state, err := h.volumes.QueryWrite(ctx, &pb.QueryWriteRequest{UploadId: id})
		err = h.explain(ctx, err)
		switch {
		case err == nil && state.GetVolume() != nil:
			return state.GetVolume(), nil
		case err == nil:
			if state.GetCommittedBytes() > committed {
				attempt = 0
			}
			committed = state.GetCommittedBytes()
		case isNotFound(err): // The host has lost it, or never had it: from the start.
			committed = 0
		case !isLostConnection(err):
			return nil, err
		}
	}
}

// write sends header, chunks from an offset on, and finish.
func (h *Host) write(ctx context.Context, image *Image, id string, sum func() string, offset int64, onBytes func(int64)) (*pb.Volume, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stream, err := h.volumes.WriteVolume(ctx)
	if err != nil {
		return nil, h.explain(ctx, err)
	}
	send := func(request *pb.WriteVolumeRequest) bool { return stream.Send(request) == nil }
	total := int64(len(image.Voxels))
	size := h.chunkBytes()
	header := &pb.WriteHeader{UploadId: id, Header: image.Header}
	open := send(&pb.WriteVolumeRequest{Message: &pb.WriteVolumeRequest_Header{Header: header}})
	for start := offset; open && start < total; start += size {
		end := min(total, start+size)
		chunk := &pb.VolumeChunk{OffsetBytes: start, Data: image.Voxels[start:end]}
		if open = send(&pb.WriteVolumeRequest{Message: &pb.WriteVolumeRequest_Chunk{Chunk: chunk}}); open {
			onBytes(end)
		}
	}
	if open {
		finish := &pb.WriteFinish{SizeBytes: total, Sha256: sum()}
		send(&pb.WriteVolumeRequest{Message: &pb.WriteVolumeRequest_Finish{Finish: finish}})
	}
	// A send that failed has its reason here.
	answer, err := stream.CloseAndRecv()
	if errors.Is(err, io.EOF) {
		err = &Error{Code: codes.Unavailable, Reason: "HOST_UNAVAILABLE", Message: "The host ended the upload without an answer."}
	}
	return answer.GetVolume(), h.explain(ctx, err)
}

func (h *Host) chunkBytes() int64 {
	limit := h.info.GetLimits().GetMaxChunkBytes()
	if limit > 0 {
		return min(chunkBytes, limit-limit%8)
	}
	return chunkBytes
}

// isOffsetRefused: the host went on writing after it was asked, or was started anew: ask again.
func isOffsetRefused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Metadata["field"] == "chunk.offset_bytes"
}

func isNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == codes.NotFound
}
