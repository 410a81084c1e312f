# voxhost_protocol: the messages and stubs of voxhost.v1, generated at build time from the .proto files.
#
# VOXHOST_PROTO_DIR is the folder of `voxhost/v1`; in a checkout it is found by itself.
set(VOXHOST_PROTO_DIR "${CMAKE_CURRENT_SOURCE_DIR}/../../proto" CACHE PATH "The folder of voxhost/v1/*.proto")
if(NOT EXISTS "${VOXHOST_PROTO_DIR}/voxhost/v1/host_service.proto")
  message(FATAL_ERROR "VOXHOST_PROTO_DIR is \"${VOXHOST_PROTO_DIR}\"; expected: the folder of voxhost/v1/host_service.proto.")
endif()

set(generated "${CMAKE_CURRENT_BINARY_DIR}/generated")
file(MAKE_DIRECTORY "${generated}")
set(sources)
foreach(name host_service volume_service workflow_service run_service)
  set(proto "${VOXHOST_PROTO_DIR}/voxhost/v1/${name}.proto")
  set(stem "${generated}/voxhost/v1/${name}")
  add_custom_command(
    OUTPUT "${stem}.pb.cc" "${stem}.pb.h" "${stem}.grpc.pb.cc" "${stem}.grpc.pb.h"
    COMMAND protobuf::protoc "--proto_path=${VOXHOST_PROTO_DIR}" "--cpp_out=${generated}" "--grpc_out=${generated}"
            "--plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>" "${proto}"
    DEPENDS "${proto}"
    COMMENT "Generating voxhost/v1/${name}"
    VERBATIM)
  list(APPEND sources "${stem}.pb.cc" "${stem}.grpc.pb.cc")
endforeach()
add_custom_command(
  OUTPUT "${generated}/status_details.pb.cc" "${generated}/status_details.pb.h"
  COMMAND protobuf::protoc "--proto_path=${CMAKE_CURRENT_SOURCE_DIR}/src" "--cpp_out=${generated}"
          "${CMAKE_CURRENT_SOURCE_DIR}/src/status_details.proto"
  DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/src/status_details.proto"
  COMMENT "Generating status_details"
  VERBATIM)
list(APPEND sources "${generated}/status_details.pb.cc")

# Under CMAKE_UNITY_BUILD: names of one .pb.cc are those of the next.
set(messages "${sources}")
list(FILTER messages INCLUDE REGEX "[a-z_]+\\.pb\\.cc$")
list(FILTER messages EXCLUDE REGEX "\\.grpc\\.pb\\.cc$")
set_source_files_properties(${messages} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

add_library(voxhost_protocol STATIC ${sources})
target_compile_features(voxhost_protocol PUBLIC cxx_std_17)
# As a system folder: warnings of generated code are not ours to mend.
target_include_directories(voxhost_protocol SYSTEM PUBLIC "$<BUILD_INTERFACE:${generated}>")
target_link_libraries(voxhost_protocol PUBLIC gRPC::grpc++ protobuf::libprotobuf Threads::Threads)
set_target_properties(voxhost_protocol PROPERTIES POSITION_INDEPENDENT_CODE ON)
