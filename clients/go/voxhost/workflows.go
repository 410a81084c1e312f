// What is deployed on a host.

package voxhost

import (
	"context"

	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
)

// Workflows lists all deployed workflows by name, those that are loading and those that failed included.
func (h *Host) Workflows(ctx context.Context) ([]*pb.Workflow, error) {
	var all []*pb.Workflow
	request := &pb.ListWorkflowsRequest{}
	for {
		page, err := patiently(ctx, h, func() (*pb.ListWorkflowsResponse, error) {
			return h.workflows.ListWorkflows(ctx, request)
		})
		if err != nil {
			return nil, err
		}
		all = append(all, page.GetWorkflows()...)
		if page.GetNextPageToken() == "" {
			return all, nil
		}
		request = &pb.ListWorkflowsRequest{PageToken: page.GetNextPageToken()}
	}
}

// Workflow shows one. Reasons: WORKFLOW_NOT_FOUND; the message lists those there are.
func (h *Host) Workflow(ctx context.Context, name string) (*pb.Workflow, error) {
	return patiently(ctx, h, func() (*pb.Workflow, error) {
		return h.workflows.GetWorkflow(ctx, &pb.GetWorkflowRequest{Name: name})
	})
}
