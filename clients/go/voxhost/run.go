// Runs: the inputs sent, the run created, watched through lost connections, cancelled with its context.

package voxhost

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"time"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"
)

// Inputs is what a run is made on, by the names that the workflow declares: an *Image, which is sent, or OnHost(volume),
// which the host has.
type Inputs map[string]Input

// Input is an *Image or what OnHost gives.
type Input interface {
	bring(ctx context.Context, h *Host, onBytes func(done int64)) (*pb.Volume, error)
}

func (image *Image) bring(ctx context.Context, h *Host, onBytes func(int64)) (*pb.Volume, error) {
	return h.upload(ctx, image, onBytes)
}

// OnHost makes an input of a volume that the host has.
func OnHost(volume *pb.Volume) Input { return onHost{volume} }

type onHost struct{ volume *pb.Volume }

func (v onHost) bring(context.Context, *Host, func(int64)) (*pb.Volume, error) { return v.volume, nil }

// Progress is how far a call to Run is.
type Progress struct {
	// Input is the input being sent, with SentBytes of its TotalBytes; "" when Event is set.
	Input                 string
	SentBytes, TotalBytes int64
	// Event is what happened to the run; nil while inputs are being sent.
	Event *pb.RunEvent
}

// RunOption says how a run goes.
type RunOption func(*runSettings)

type runSettings struct {
	onProgress func(Progress)
	parameters map[string]any
	requestID  string
}

// WithProgress calls a function, in the caller's goroutine, while inputs are sent and with each event.
func WithProgress(onProgress func(Progress)) RunOption {
	return func(s *runSettings) { s.onProgress = onProgress }
}

// WithParameters sets parameters that the workflow declares; the others have their defaults.
func WithParameters(parameters map[string]any) RunOption {
	return func(s *runSettings) { s.parameters = parameters }
}

// WithRequestID makes a later call with the same id answer with the same run.
func WithRequestID(id string) RunOption { return func(s *runSettings) { s.requestID = id } }

// Run sends the inputs that the host lacks, runs a workflow on them and waits for its end. When the context ends, the
// run is cancelled on the host.
//
// Reasons: WORKFLOW_NOT_FOUND, INVALID_FIELD, WORKFLOW_FAILED, LIMIT_EXCEEDED, those of Upload, those of the run
// (OPERATOR_FAILED, RUNNER_CRASHED, ...), CANCELLED, DEADLINE_EXCEEDED, RUN_NOT_FOUND when the host was started anew.
func (h *Host) Run(ctx context.Context, workflow string, inputs Inputs, options ...RunOption) (*pb.Run, error) {
	s := runSettings{onProgress: func(Progress) {}, requestID: rand.Text()}
	for _, option := range options {
		option(&s)
	}
	run, err := h.create(ctx, workflow, inputs, &s)
	if err != nil {
		return nil, err
	}
	ended, err := h.follow(ctx, run.GetName(), s.onProgress)
	if ctx.Err() != nil && err != nil {
		late, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer stop()
		_, _ = h.Cancel(late, run.GetName()) // The caller's own error says more than this one's.
		return nil, stopped(ctx.Err())
	}
	return ended, err
}

func (h *Host) create(ctx context.Context, workflow string, inputs Inputs, s *runSettings) (*pb.Run, error) {
	parameters, err := structpb.NewStruct(s.parameters)
	if err != nil {
		return nil, invalid("parameters", fmt.Sprint(s.parameters), "numbers, booleans and strings")
	}
	request := &pb.CreateRunRequest{
		Workflow: workflow, Inputs: map[string]string{}, Parameters: parameters.GetFields(), RequestId: s.requestID,
	}
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		var total int64
		if image, isImage := inputs[name].(*Image); isImage {
			total = int64(len(image.Voxels))
		}
		volume, err := inputs[name].bring(ctx, h, func(done int64) {
			s.onProgress(Progress{Input: name, SentBytes: done, TotalBytes: total})
		})
		if err != nil {
			return nil, err
		}
		request.Inputs[name] = volume.GetName()
	}
	if ctx.Err() != nil {
		return nil, stopped(ctx.Err())
	}
	// Without the caller's end: a call cut here could leave a run behind that nobody knows of.
	whole := context.WithoutCancel(ctx)
	return patiently(whole, h, func() (*pb.Run, error) { return h.runs.CreateRun(whole, request) })
}

// follow waits for a run's last event.
func (h *Host) follow(ctx context.Context, name string, onProgress func(Progress)) (*pb.Run, error) {
	for event, err := range h.Watch(ctx, name) {
		if err != nil {
			return nil, err
		}
		onProgress(Progress{Event: event})
		switch what := event.GetEvent().(type) {
		case *pb.RunEvent_Succeeded:
			return what.Succeeded.GetRun(), nil
		case *pb.RunEvent_Failed:
			return nil, fromRunError(name, what.Failed.GetError())
		case *pb.RunEvent_Cancelled:
			return nil, runCancelled(name, what.Cancelled.GetReason())
		}
	}
	// A watch that ended without a last event: the run says itself how it is.
	run, err := patiently(ctx, h, func() (*pb.Run, error) { return h.runs.GetRun(ctx, &pb.GetRunRequest{Name: name}) })
	switch {
	case err != nil:
		return nil, err
	case run.GetError() != nil:
		return nil, fromRunError(name, run.GetError())
	case run.GetState() != pb.RunState_RUN_STATE_SUCCEEDED:
		return nil, runCancelled(name, "it ended as "+run.GetState().String())
	}
	return run, nil
}

// Watch gives a run's events from its first to its last, through lost connections. Leaving the loop leaves the run
// alone. The last pair has the error, if there is one.
func (h *Host) Watch(ctx context.Context, run string) iter.Seq2[*pb.RunEvent, error] {
	return func(yield func(*pb.RunEvent, error) bool) {
		after := int64(0)
		for attempt := 1; ; attempt++ {
			before := after
			left, err := h.watchOnce(ctx, run, &after, yield)
			if left || err == nil {
				return
			}
			if after > before {
				attempt = 1
			}
			if isLostConnection(err) && attempt < maxAttempts {
				err = waitBeforeRetry(ctx, attempt)
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

func (h *Host) watchOnce(ctx context.Context, run string, after *int64, yield func(*pb.RunEvent, error) bool) (left bool, err error) {
	inner, stop := context.WithCancel(ctx)
	defer stop()
	stream, err := h.runs.WatchRun(inner, &pb.WatchRunRequest{Name: run, AfterSequence: *after})
	for err == nil {
		var event *pb.RunEvent
		if event, err = stream.Recv(); err == nil {
			*after = event.GetSequence()
			if !yield(event, nil) {
				return true, nil
			}
		}
	}
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return false, h.explain(ctx, err)
}

// Cancel asks a run to stop and answers with it; one that has ended stays as it is.
func (h *Host) Cancel(ctx context.Context, run string) (*pb.Run, error) {
	return patiently(ctx, h, func() (*pb.Run, error) { return h.runs.CancelRun(ctx, &pb.CancelRunRequest{Name: run}) })
}

func runCancelled(run, why string) error {
	return &Error{
		Code: codes.Canceled, Reason: "CANCELLED", Message: "The run was cancelled: " + why,
		Metadata: map[string]string{"run": run},
	}
}
