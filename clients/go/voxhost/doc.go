// Package voxhost runs medical-imaging workflows on a Voxhost host.
//
//	host, err := voxhost.Connect(ctx, "127.0.0.1:50151")
//	run, err := host.Run(ctx, "brain_extraction_deepbet", voxhost.Inputs{"image": image})
//	mask, err := host.Download(ctx, run.GetOutputs()[0].GetVolume().GetName())
//
// Workflows, volumes, runs and events are the messages of the protocol, in package voxhostv1. Voxels are bytes as they
// lie in memory: the first axis fastest, components side by side, little-endian; the header's matrix leads from indices
// to millimetres in LPS. Every error is an *Error with a reason for programs and a sentence for people. A host may be
// used by many goroutines. A context that ends ends what its call started on the host as well.
package voxhost
