// Holds one conversation of test/contract: reads it as JSON from standard input, prints how it ended as one JSON line.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/voxhost/voxhost/clients/go/voxhost"
	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

type task struct {
	Do         string
	Address    string
	Token      string
	Workflow   string
	Parameters map[string]any
	CancelAt   string
	Image      *struct {
		Voxels string
		Header json.RawMessage
	}
	Messages string
}

type ending struct {
	Outcome string `json:"outcome"`
	Digest  string `json:"digest,omitempty"`
	Class   string `json:"class,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message,omitempty"`
}

func main() {
	var t task
	if err := json.NewDecoder(os.Stdin).Decode(&t); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	end := ending{Outcome: "succeeded"}
	digest, err := hold(&t)
	var e *voxhost.Error
	switch {
	case errors.As(err, &e):
		end = ending{Outcome: "failed", Class: className(e.Code), Reason: e.Reason, Message: e.Message}
	case err != nil:
		end = ending{Outcome: "failed", Message: err.Error()}
	default:
		end.Digest = digest
	}
	_ = json.NewEncoder(os.Stdout).Encode(end)
}

func hold(t *task) (digest string, err error) {
	if t.Do == "messages" {
		return compareMessages(t.Messages)
	}
	connecting, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	host, err := voxhost.Connect(connecting, t.Address, voxhost.WithToken(t.Token))
	if err != nil {
		return "", err
	}
	defer host.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	switch t.Do {
	case "list":
		workflows, err := host.Workflows(ctx)
		var names []string
		for _, workflow := range workflows {
			names = append(names, workflow.GetName())
		}
		return sha([]byte(strings.Join(names, "\n"))), err
	case "transfer":
		image, err := readImage(t)
		if err != nil {
			return "", err
		}
		volume, err := host.Upload(ctx, image)
		if err != nil {
			return "", err
		}
		return download(ctx, host, volume.GetName())
	case "run":
		image, err := readImage(t)
		if err != nil {
			return "", err
		}
		watch := voxhost.WithProgress(func(p voxhost.Progress) {
			if t.CancelAt != "" && p.Event.GetProgress().GetStage() == t.CancelAt {
				cancel()
			}
		})
		run, err := host.Run(ctx, t.Workflow, voxhost.Inputs{"image": image}, watch, voxhost.WithParameters(t.Parameters))
		if err != nil {
			return "", err
		}
		return download(ctx, host, run.GetOutputs()[0].GetVolume().GetName())
	}
	return "", fmt.Errorf("unknown: %s", t.Do)
}

func download(ctx context.Context, host *voxhost.Host, volume string) (string, error) {
	image, err := host.Download(ctx, volume)
	if err != nil {
		return "", err
	}
	return sha(image.Voxels), nil
}

func readImage(t *task) (*voxhost.Image, error) {
	header := &pb.VolumeHeader{}
	if err := protojson.Unmarshal(t.Image.Header, header); err != nil {
		return nil, err
	}
	voxels, err := os.ReadFile(t.Image.Voxels)
	return &voxhost.Image{Header: header, Voxels: voxels}, err
}

// compareMessages reads each golden message as bytes and as JSON: both are the same, and come out as they went in.
// The digest is how many messages that was.
func compareMessages(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var golden []struct {
		Name, Type, Bytes string
		JSON              json.RawMessage
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		return "", err
	}
	for _, one := range golden {
		kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(one.Type))
		if err != nil {
			return "", err
		}
		fromJSON, fromBytes := kind.New().Interface(), kind.New().Interface()
		wire, err := hex.DecodeString(one.Bytes)
		if err != nil {
			return "", err
		}
		if err := errors.Join(protojson.Unmarshal(one.JSON, fromJSON), proto.Unmarshal(wire, fromBytes)); err != nil {
			return "", fmt.Errorf("%s: %w", one.Name, err)
		}
		again, err := proto.MarshalOptions{Deterministic: true}.Marshal(fromJSON)
		if err != nil || !proto.Equal(fromJSON, fromBytes) || !bytes.Equal(again, wire) {
			return "", fmt.Errorf("%s: its JSON and its bytes are not the same message (%v)", one.Name, err)
		}
	}
	return strconv.Itoa(len(golden)), nil
}

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// className is a code as the protocol writes it: NOT_FOUND for NotFound.
func className(code codes.Code) string {
	var name strings.Builder
	for i, letter := range code.String() {
		if i > 0 && letter >= 'A' && letter <= 'Z' {
			name.WriteByte('_')
		}
		name.WriteString(strings.ToUpper(string(letter)))
	}
	if name.String() == "CANCELED" {
		return "CANCELLED"
	}
	return name.String()
}
