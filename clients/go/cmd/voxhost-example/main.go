// voxhost-example lists a host's workflows, sends a volume, runs a workflow on it with progress and writes the mask.
//
//	voxhost-example -workflow brain_extraction_deepbet head-mri mask
//
// reads head-mri.raw (voxels, first axis fastest, little-endian) and head-mri.json (a VolumeHeader as protobuf writes it
// in JSON), and writes mask.raw and mask.json.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/voxhost/voxhost/clients/go/voxhost"
	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/protobuf/encoding/protojson"
)

func main() {
	address := flag.String("address", "127.0.0.1:50151", "where the host listens")
	token := flag.String("token", "", "the host's bearer token, if it asks for one")
	workflow := flag.String("workflow", "brain_extraction_deepbet", "what to run")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "Usage: voxhost-example [flags] IMAGE MASK   (names without .raw and .json)")
		os.Exit(2)
	}
	// Ctrl-C ends the context, and with it the run on the host.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := extract(ctx, *address, *token, *workflow, flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func extract(ctx context.Context, address, token, workflow, imageName, maskName string) error {
	host, err := voxhost.Connect(ctx, address, voxhost.WithToken(token))
	if err != nil {
		return err
	}
	defer host.Close()
	workflows, err := host.Workflows(ctx)
	if err != nil {
		return err
	}
	for _, one := range workflows {
		fmt.Printf("%s: %s\n", one.GetName(), one.GetTitle())
	}
	image, err := readImage(imageName)
	if err != nil {
		return err
	}
	run, err := host.Run(ctx, workflow, voxhost.Inputs{"image": image}, voxhost.WithProgress(show))
	if err != nil {
		return err
	}
	output := run.GetOutputs()[0]
	for _, found := range output.GetSegments() {
		fmt.Printf("%s: %.1f mL\n", found.GetSegment().GetName(), found.GetVolumeMl())
	}
	mask, err := host.Download(ctx, output.GetVolume().GetName())
	if err != nil {
		return err
	}
	return writeImage(maskName, mask)
}

func show(progress voxhost.Progress) {
	switch {
	case progress.Event == nil:
		fmt.Printf("sending %s: %d of %d bytes\n", progress.Input, progress.SentBytes, progress.TotalBytes)
	case progress.Event.GetQueued() != nil:
		fmt.Printf("waiting, %d before it\n", progress.Event.GetQueued().GetPosition())
	case progress.Event.GetProgress() != nil:
		at := progress.Event.GetProgress()
		fmt.Printf("%3.0f %% %s %d/%d\n", 100*at.GetFraction(), at.GetStage(), at.GetStep(), at.GetStepCount())
	}
}

func readImage(name string) (*voxhost.Image, error) {
	text, err := os.ReadFile(name + ".json")
	if err != nil {
		return nil, err
	}
	header := &pb.VolumeHeader{}
	if err := protojson.Unmarshal(text, header); err != nil {
		return nil, fmt.Errorf("%s.json: %w", name, err)
	}
	voxels, err := os.ReadFile(name + ".raw")
	return &voxhost.Image{Header: header, Voxels: voxels}, err
}

func writeImage(name string, image *voxhost.Image) error {
	text, err := protojson.Marshal(image.Header)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name+".json", text, 0o644); err != nil {
		return err
	}
	return os.WriteFile(name+".raw", image.Voxels, 0o644)
}
