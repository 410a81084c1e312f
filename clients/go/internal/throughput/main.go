// Command throughput measures the client beside bare grpc-go, on the same host, in turns: ratios, not seconds.
//
//	go run ./internal/throughput HOST:PORT [MEBIBYTES] [ROUNDS]
//
// Bare: the generated stubs, 1 MiB chunks, SHA-256 in the same loop, gRPC's own settings.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/voxhost/voxhost/clients/go/voxhost"
	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const mebibyte = 1 << 20

func main() {
	if len(os.Args) < 2 {
		log.Fatal("Usage: throughput HOST:PORT [MEBIBYTES] [ROUNDS]")
	}
	if err := measure(os.Args[1], number(2, 1024), number(3, 5)); err != nil {
		log.Fatal(err)
	}
}

// number is a word of the command line.
func number(at, otherwise int) int {
	if len(os.Args) <= at {
		return otherwise
	}
	value, err := strconv.Atoi(os.Args[at])
	if err != nil || value < 1 {
		log.Fatalf("%q is no positive number", os.Args[at])
	}
	return value
}

// side is one of the two that are compared.
type side struct {
	upload   func(*voxhost.Image) (string, error)
	download func(string) ([]byte, error)
	up, down []time.Duration
}

func measure(address string, mebibytes, rounds int) error {
	ctx, stop := context.WithTimeout(context.Background(), time.Hour)
	defer stop()
	host, err := voxhost.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer host.Close()
	conn, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16*mebibyte)))
	if err != nil {
		return err
	}
	defer conn.Close()
	volumes := pb.NewVolumeServiceClient(conn)
	ours := side{
		upload: func(image *voxhost.Image) (string, error) {
			volume, err := host.Upload(ctx, image)
			return volume.GetName(), err
		},
		download: func(name string) ([]byte, error) {
			image, err := host.Download(ctx, name)
			if err != nil {
				return nil, err
			}
			return image.Voxels, nil
		},
	}
	bare := side{
		upload:   func(image *voxhost.Image) (string, error) { return uploadBare(ctx, volumes, image) },
		download: func(name string) ([]byte, error) { return downloadBare(ctx, volumes, name) },
	}
	image := makeImage(mebibytes)
	// The first round warms both up.
	for round := 0; round <= rounds; round++ {
		order := []*side{&ours, &bare}
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for turn, one := range order {
			image.Voxels[0], image.Voxels[1] = byte(round), byte(turn) // What the host has not.
			if err := transfer(ctx, volumes, one, image, round > 0); err != nil {
				return err
			}
		}
	}
	up, down := median(bare.up)/median(ours.up), median(bare.down)/median(ours.down)
	speed := func(seconds float64) float64 { return float64(mebibytes) / seconds }
	fmt.Fprintf(os.Stderr, "up %.0f MiB/s beside %.0f, down %.0f beside %.0f\n",
		speed(median(ours.up)), speed(median(bare.up)), speed(median(ours.down)), speed(median(bare.down)))
	fmt.Printf("{\"up\": %.2f, \"down\": %.2f}\n", up, down)
	return nil
}

// transfer sends, reads back and deletes, so that each upload meets a host that has nothing.
func transfer(ctx context.Context, volumes pb.VolumeServiceClient, by *side, image *voxhost.Image, counts bool) error {
	start := time.Now()
	name, err := by.upload(image)
	if err != nil {
		return err
	}
	sent := time.Now()
	voxels, err := by.download(name)
	if err != nil {
		return err
	}
	end := time.Now()
	if len(voxels) != len(image.Voxels) {
		return errors.New("other voxels came back")
	}
	if counts {
		by.up, by.down = append(by.up, sent.Sub(start)), append(by.down, end.Sub(sent))
	}
	_, err = volumes.DeleteVolume(ctx, &pb.DeleteVolumeRequest{Name: name})
	return err
}

func makeImage(mebibytes int) *voxhost.Image {
	voxels := make([]byte, mebibytes*mebibyte)
	var seed [32]byte
	rand.NewChaCha8(seed).Read(voxels)
	return &voxhost.Image{
		Header: &pb.VolumeHeader{
			Sizes:           []int64{1024, 1024, int64(mebibytes)},
			ComponentType:   pb.ComponentType_COMPONENT_TYPE_UINT8,
			IndexToWorldLps: []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
		},
		Voxels: voxels,
	}
}

// uploadBare is one WriteVolume.
func uploadBare(ctx context.Context, volumes pb.VolumeServiceClient, image *voxhost.Image) (string, error) {
	stream, err := volumes.WriteVolume(ctx)
	if err != nil {
		return "", err
	}
	send := func(message *pb.WriteVolumeRequest) {
		if err == nil {
			err = stream.Send(message)
		}
	}
	header := &pb.WriteHeader{Header: image.Header}
	send(&pb.WriteVolumeRequest{Message: &pb.WriteVolumeRequest_Header{Header: header}})
	hash := sha256.New()
	for start := 0; start < len(image.Voxels); start += mebibyte {
		data := image.Voxels[start:min(len(image.Voxels), start+mebibyte)]
		hash.Write(data)
		chunk := &pb.VolumeChunk{OffsetBytes: int64(start), Data: data}
		send(&pb.WriteVolumeRequest{Message: &pb.WriteVolumeRequest_Chunk{Chunk: chunk}})
	}
	finish := &pb.WriteFinish{SizeBytes: int64(len(image.Voxels)), Sha256: hex.EncodeToString(hash.Sum(nil))}
	send(&pb.WriteVolumeRequest{Message: &pb.WriteVolumeRequest_Finish{Finish: finish}})
	answer, err := stream.CloseAndRecv()
	return answer.GetVolume().GetName(), err
}

// downloadBare is one ReadVolume, compared by its digest.
func downloadBare(ctx context.Context, volumes pb.VolumeServiceClient, name string) ([]byte, error) {
	stream, err := volumes.ReadVolume(ctx, &pb.ReadVolumeRequest{Name: name})
	if err != nil {
		return nil, err
	}
	var voxels []byte
	var expected string
	hash := sha256.New()
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if volume := message.GetVolume(); volume != nil {
			expected = volume.GetSha256()
			voxels = make([]byte, 0, volume.GetSizeBytes())
		}
		hash.Write(message.GetChunk().GetData())
		voxels = append(voxels, message.GetChunk().GetData()...)
	}
	if hex.EncodeToString(hash.Sum(nil)) != expected {
		return nil, errors.New("bare: other voxels came back")
	}
	return voxels, nil
}

func median(times []time.Duration) float64 {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2].Seconds()
}
