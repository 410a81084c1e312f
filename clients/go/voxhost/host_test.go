// The client against a real host: VOXHOST_TEST_HOST is its address (with the repository's example workflows), and
// VOXHOST_TEST_FOLDER has head-mri.raw, head-mri.json and MONAI's own answer, expected.raw.

package voxhost_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/voxhost/voxhost/clients/go/voxhost"
	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

const brain = "brain_extraction_deepbet"

func connect(t *testing.T) *voxhost.Host {
	t.Helper()
	address := os.Getenv("VOXHOST_TEST_HOST")
	if address == "" {
		t.Skip("VOXHOST_TEST_HOST is not set: test/clients/go/go.test.ts starts a host and sets it")
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // Tests share few cores.
	defer stop()
	host, err := voxhost.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { host.Close() })
	return host
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(os.Getenv("VOXHOST_TEST_FOLDER"), name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func headMRI(t *testing.T) *voxhost.Image {
	t.Helper()
	header := &pb.VolumeHeader{}
	if err := protojson.Unmarshal(read(t, "head-mri.json"), header); err != nil {
		t.Fatal(err)
	}
	return &voxhost.Image{Header: header, Voxels: read(t, "head-mri.raw")}
}

// small is an image of 2 × 3 × 4 voxels.
func small() *voxhost.Image {
	return &voxhost.Image{
		Header: &pb.VolumeHeader{
			Sizes: []int64{2, 3, 4}, ComponentType: pb.ComponentType_COMPONENT_TYPE_UINT8, Components: 1,
			IndexToWorldLps: []float64{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}, Modality: "MR",
		},
		Voxels: bytes.Repeat([]byte{7}, 24),
	}
}

func wants(t *testing.T, err error, code codes.Code, reason string) *voxhost.Error {
	t.Helper()
	var e *voxhost.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *voxhost.Error", err)
	}
	if e.Code != code || e.Reason != reason {
		t.Fatalf("%v %s (%s); wanted %v %s", e.Code, e.Reason, e.Message, code, reason)
	}
	return e
}

func TestTheHeadMRIGivesMONAIsMaskByteForByteInItsOwnGeometry(t *testing.T) {
	host, image := connect(t), headMRI(t)
	var sent []int64
	var sequences []int64
	var last *pb.RunEvent
	run, err := host.Run(t.Context(), brain, voxhost.Inputs{"image": image}, voxhost.WithProgress(func(p voxhost.Progress) {
		if p.Event == nil {
			sent = append(sent, p.SentBytes)
			return
		}
		sequences, last = append(sequences, p.Event.GetSequence()), p.Event
	}))
	if err != nil {
		t.Fatal(err)
	}
	if len(sent) == 0 || sent[len(sent)-1] != int64(len(image.Voxels)) || !slices.IsSorted(sent) {
		t.Errorf("bytes sent: %v", sent)
	}
	if !slices.IsSorted(sequences) || last.GetSucceeded() == nil {
		t.Errorf("events %v, the last of them %v", sequences, last)
	}
	mask, err := host.Download(t.Context(), run.GetOutputs()[0].GetVolume().GetName())
	if err != nil {
		t.Fatal(err)
	}
	if expected := read(t, "expected.raw"); !bytes.Equal(mask.Voxels, expected) {
		t.Errorf("the mask (%d bytes) is not MONAI's (%d bytes)", len(mask.Voxels), len(expected))
	}
	if !slices.Equal(mask.Header.GetIndexToWorldLps(), image.Header.GetIndexToWorldLps()) {
		t.Errorf("geometry %v became %v", image.Header.GetIndexToWorldLps(), mask.Header.GetIndexToWorldLps())
	}
	segment := run.GetOutputs()[0].GetSegments()[0]
	if voxels := int64(len(mask.Voxels) - bytes.Count(mask.Voxels, []byte{0})); segment.GetVoxelCount() != voxels {
		t.Errorf("%s has %d voxels; counted %d", segment.GetSegment().GetName(), segment.GetVoxelCount(), voxels)
	}
}

func TestWorkflowsAreThoseOfTheFolderByName(t *testing.T) {
	workflows, err := connect(t).Workflows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, workflow := range workflows {
		names = append(names, workflow.GetName())
	}
	if !slices.Contains(names, brain) || !slices.IsSorted(names) {
		t.Errorf("workflows: %v", names)
	}
}

func TestAVolumeComesBackByteForByteAndIsOnceOnTheHost(t *testing.T) {
	host, image := connect(t), small()
	first, err := host.Upload(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	again, err := host.Upload(t.Context(), image)
	if err != nil || again.GetName() != first.GetName() {
		t.Errorf("%q, then %q, %v", first.GetName(), again.GetName(), err)
	}
	back, err := host.Download(t.Context(), first.GetName())
	if err != nil || !bytes.Equal(back.Voxels, image.Voxels) || !proto.Equal(back.Header, image.Header) {
		t.Errorf("%v, %v", back, err)
	}
}

func TestErrorsHaveTheHostsOwnReasonAndMetadata(t *testing.T) {
	host := connect(t)
	_, err := host.Workflow(t.Context(), "no_such_workflow")
	wants(t, err, codes.NotFound, "WORKFLOW_NOT_FOUND")
	_, err = host.Download(t.Context(), "no-such-volume")
	wants(t, err, codes.NotFound, "VOLUME_NOT_FOUND")

	flat := small()
	flat.Header.IndexToWorldLps = make([]float64, 12)
	_, err = host.Upload(t.Context(), flat)
	e := wants(t, err, codes.InvalidArgument, "INVALID_FIELD")
	if e.Metadata["field"] == "" {
		t.Errorf("the field is not named: %v", e.Metadata)
	}
	short := small()
	short.Voxels = short.Voxels[1:]
	_, err = host.Upload(t.Context(), short)
	wants(t, err, codes.InvalidArgument, "INVALID_FIELD")

	_, err = host.Run(t.Context(), brain, voxhost.Inputs{"picture": small()})
	wants(t, err, codes.InvalidArgument, "INVALID_FIELD")
}

func TestAContextThatEndsWhileSendingStartsNoRun(t *testing.T) {
	host := connect(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	_, err := host.Run(ctx, brain, voxhost.Inputs{"image": small()}, voxhost.WithProgress(func(p voxhost.Progress) {
		if p.Event != nil {
			t.Error("a run was started")
		}
		stop()
	}))
	wants(t, err, codes.Canceled, "CANCELLED")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not context.Canceled", err)
	}
}

func TestWhereNothingListensConnectSaysSo(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, err = voxhost.Connect(t.Context(), address)
	wants(t, err, codes.Unavailable, "HOST_UNAVAILABLE")
}

func TestACertificateThatNobodyVouchesForIsNotTrustedAndIsSaid(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "test", "fixtures", "tls")
	certificate, err := tls.LoadX509KeyPair(filepath.Join(folder, "certificate.pem"), filepath.Join(folder, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	_, err = voxhost.Connect(t.Context(), listener.Addr().String(), voxhost.WithTLS(&tls.Config{ServerName: "localhost"}))
	wants(t, err, codes.Unavailable, "HOST_UNAVAILABLE")
	if !strings.Contains(err.Error(), "its certificate is not trusted") {
		t.Error(err)
	}
}

func TestATokenDoesNotCrossANetworkReadable(t *testing.T) {
	_, err := voxhost.Connect(t.Context(), "gpu.example:50151", voxhost.WithToken("secret"))
	wants(t, err, codes.InvalidArgument, "INVALID_FIELD")
}
