// What is deployed on a host.
#include "connection.h"
#include "from_wire.h"

namespace voxhost {

Result<std::vector<Workflow>> Host::workflows(const CallOptions& options) const {
  const Limit limit(options);
  std::vector<Workflow> all;
  v1::ListWorkflowsRequest request;
  do {
    const auto page =
        ask<v1::ListWorkflowsResponse>(*connection_, limit, [&](grpc::ClientContext* context, v1::ListWorkflowsResponse* response) {
          return connection_->workflows->ListWorkflows(context, request, response);
        });
    if (!page) return page.error();
    for (const auto& workflow : page->workflows()) all.push_back(from_wire(workflow));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return all;
}

Result<Workflow> Host::workflow(const std::string& name, const CallOptions& options) const {
  v1::GetWorkflowRequest request;
  request.set_name(name);
  const auto answer = ask<v1::Workflow>(*connection_, Limit(options), [&](grpc::ClientContext* context, v1::Workflow* response) {
    return connection_->workflows->GetWorkflow(context, request, response);
  });
  if (!answer) return answer.error();
  return from_wire(*answer);
}

}  // namespace voxhost
