// Messages of the protocol as the client's nouns, and back. Pure.
#pragma once

#include "voxhost/host.h"
#include "voxhost/v1/host_service.pb.h"
#include "voxhost/v1/run_service.pb.h"
#include "voxhost/v1/volume_service.pb.h"
#include "voxhost/v1/workflow_service.pb.h"

namespace voxhost {

HostInfo from_wire(const v1::HostInfo& info);
VolumeHeader from_wire(const v1::VolumeHeader& header);
Volume from_wire(const v1::Volume& volume);
Workflow from_wire(const v1::Workflow& workflow);
Run from_wire(const v1::Run& run);
/// `run` is the run that failed.
Error from_wire(const v1::RunError& error, const std::string& run);
Event from_wire(const v1::RunEvent& event);
Value from_wire(const google::protobuf::Value& value);

v1::VolumeHeader to_wire(const VolumeHeader& header);
google::protobuf::Value to_wire(const Value& value);

}  // namespace voxhost
