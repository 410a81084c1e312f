// Everything that can go wrong, as one type: the host's own code, reason, sentence and metadata.

package voxhost

import (
	"context"
	"errors"
	"fmt"
	"strings"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is any error of this package. The host's docs/errors.md lists the reasons.
type Error struct {
	// Code is the gRPC status code.
	Code codes.Code
	// Reason is UPPER_SNAKE, the same from version to version, for programs.
	Reason string
	// Message is a sentence for people: what went wrong and what to do.
	Message string
	// Metadata has the field, what came, what was expected, the step.
	Metadata map[string]string

	cause error
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives the context's error where one ended the call, so that errors.Is(err, context.Canceled) holds.
func (e *Error) Unwrap() error { return e.cause }

// Reason is the reason of an *Error, and "" for any other error.
func Reason(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// explain turns the error of a call into an *Error. nil stays nil.
func (h *Host) explain(ctx context.Context, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	s := status.Convert(err)
	if ctxErr := ctx.Err(); ctxErr != nil && (s.Code() == codes.Canceled || s.Code() == codes.DeadlineExceeded) {
		return stopped(ctxErr)
	}
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return &Error{Code: s.Code(), Reason: info.GetReason(), Message: s.Message(), Metadata: info.GetMetadata(), cause: err}
		}
	}
	return h.explainBare(s, err)
}

// explainBare names what a status without details means: gRPC itself said it, or a server that is no Voxhost host.
func (h *Host) explainBare(s *status.Status, err error) error {
	e := &Error{Code: s.Code(), Metadata: map[string]string{"address": h.address}, cause: err}
	switch s.Code() {
	case codes.Unavailable:
		e.Reason, e.Message = "HOST_UNAVAILABLE", fmt.Sprintf("No host answers at %s: %s.", h.address, explainConnection(s.Message()))
	case codes.DeadlineExceeded:
		e.Reason, e.Message = "DEADLINE_EXCEEDED", fmt.Sprintf("The host at %s did not answer in time.", h.address)
	case codes.Unimplemented:
		e.Reason, e.Message = "UNIMPLEMENTED", fmt.Sprintf("What answers at %s does not speak voxhost.v1: it is no Voxhost host.", h.address)
	case codes.Canceled:
		e.Reason, e.Message = "CANCELLED", fmt.Sprintf("The call to %s was cancelled: the connection was closed.", h.address)
	default:
		e.Reason, e.Message = "INTERNAL", fmt.Sprintf("The host at %s answered %s: %s", h.address, s.Code(), s.Message())
	}
	return e
}

func explainConnection(said string) string {
	switch {
	case strings.Contains(said, "refused"):
		return "nothing listens there. Is the host running?"
	case strings.Contains(said, "no such host"):
		return "no machine of that name is known"
	case strings.Contains(said, "certificate"):
		return "its certificate is not trusted: " + said
	case strings.Contains(said, "reading server preface"), strings.Contains(said, "tls:"):
		return "what listens there ended the connection. Is it a Voxhost host, and does one side alone speak TLS?"
	default:
		return said
	}
}

// fromRunError is why a run failed.
func fromRunError(run string, e *pb.RunError) error {
	metadata := map[string]string{"run": run}
	for key, value := range e.GetMetadata() {
		metadata[key] = value
	}
	return &Error{Code: codes.Code(e.GetCode()), Reason: e.GetReason(), Message: e.GetMessage(), Metadata: metadata}
}

// stopped is what a call gives whose context has ended.
func stopped(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return &Error{Code: codes.DeadlineExceeded, Reason: "DEADLINE_EXCEEDED", Message: "The call took longer than its deadline.", cause: cause}
	}
	return &Error{Code: codes.Canceled, Reason: "CANCELLED", Message: "The call was cancelled by its caller.", cause: cause}
}

func invalid(field, came, expected string) error {
	return &Error{
		Code: codes.InvalidArgument, Reason: "INVALID_FIELD",
		Message:  fmt.Sprintf("%s is %q; expected: %s.", field, came, expected),
		Metadata: map[string]string{"field": field, "value": came, "expected": expected},
	}
}

// isLostConnection is true when the same call may succeed in a moment: the connection broke, nothing was refused.
func isLostConnection(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == codes.Unavailable
}
