// voxhost-cli: lists a host's workflows, and runs one on a .mha file with progress.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "interrupt.h"
#include "meta_image.h"
#include "voxhost/voxhost.h"

namespace {

constexpr const char* usage =
    "Usage: voxhost-cli [--address HOST:PORT] [--token-file FILE] [--tls] [--ca FILE] [--set PARAMETER=VALUE]... COMMAND\n"
    "  ls                          what is deployed\n"
    "  run WORKFLOW IN.mha OUT.mha  runs a workflow, writes its first output (Ctrl-C cancels the run on the host)\n";

int fail(const voxhost::Error& error) {
  std::fprintf(stderr, "\n%s\n", error.message.c_str());
  return error.code == voxhost::Code::cancelled ? 130 : 1;
}

int list(const voxhost::Host& host) {
  const auto workflows = host.workflows();
  if (!workflows) return fail(workflows.error());
  for (const auto& workflow : *workflows) {
    std::printf("%-32s %-8s %-4s %s\n", workflow.name.c_str(), name_of(workflow.state), workflow.modality.c_str(), workflow.title.c_str());
    if (!workflow.failure.empty()) std::printf("  %s\n", workflow.failure.c_str());
  }
  return 0;
}

void show(const voxhost::Event& event) {
  if (const auto* queued = std::get_if<voxhost::Queued>(&event.what)) {
    std::fprintf(stderr, "\r\033[Kwaiting, %d before it", queued->position);
  } else if (const auto* progress = std::get_if<voxhost::Progress>(&event.what)) {
    std::fprintf(stderr, "\r\033[K%3.0f %% %s %d/%d", 100 * progress->fraction, progress->stage.c_str(), progress->step, progress->step_count);
  } else if (std::holds_alternative<voxhost::Succeeded>(event.what)) {
    std::fprintf(stderr, "\r\033[K");
  }
}

/// A number, a truth, or else a text.
voxhost::Value value_of(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0') return number;
  if (text == "true" || text == "false") return text == "true";
  return text;
}

int run(const voxhost::Host& host, voxhost::RunOptions options, const std::string& workflow, const std::string& in, const std::string& out) {
  const auto image = read_meta_image(in);
  if (!image) return fail(image.error());
  const auto declared = host.workflow(workflow);
  if (!declared) return fail(declared.error());
  options.on_event = show;
  options.on_sent = [](const std::string&, const voxhost::TransferProgress& sent) {
    std::fprintf(stderr, "\r\033[Ksending, %3.0f %%", 100 * static_cast<double>(sent.done_bytes) / static_cast<double>(sent.total_bytes));
  };
  const std::string input = declared->inputs.empty() ? "image" : declared->inputs[0].name;
  const auto run = host.run(workflow, {{input, *image}}, options);
  if (!run) return fail(run.error());
  const auto* output = run->output();
  if (output == nullptr) return fail({voxhost::Code::internal, "OUTPUT_MISSING", "The run ended without an output.", {}});
  voxhost::TransferOptions transfer;
  transfer.stop = options.stop;
  const auto mask = host.download(output->volume.name, transfer);
  if (!mask) return fail(mask.error());
  const auto error = write_meta_image(out, *mask);
  if (error.code != voxhost::Code::ok) return fail(error);
  for (const auto& segment : output->segments) std::printf("%s: %.1f mL\n", segment.name.c_str(), segment.volume_ml.value_or(0));
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const voxhost::StopToken stop = stop_at_interrupt();
  std::string address = "127.0.0.1:50151";
  voxhost::ConnectOptions options;
  options.stop = stop;
  voxhost::RunOptions run_options;
  run_options.stop = stop;
  int at = 1;
  for (; at < count && std::strncmp(words[at], "--", 2) == 0; ++at) {
    const std::string option = words[at];
    if (option == "--tls") {
      if (!options.tls) options.tls.emplace();
      continue;
    }
    if (at + 1 == count) break;
    const std::string value = words[++at];
    if (option == "--address") {
      address = value;
    } else if (option == "--token-file") {
      std::ifstream(value) >> options.token;
      if (options.token.empty()) return fail({voxhost::Code::invalid_argument, "INVALID_FIELD", value + " has no token.", {}});
    } else if (option == "--ca") {
      options.tls = voxhost::Tls{value, {}};
    } else if (const auto equals = value.find('='); option == "--set" && equals != std::string::npos) {
      run_options.parameters[value.substr(0, equals)] = value_of(value.substr(equals + 1));
    } else {
      break;
    }
  }
  const std::string command = at < count ? words[at] : "";
  const bool is_list = command == "ls" && count == at + 1;
  const bool is_run = command == "run" && count == at + 4;
  if (!is_list && !is_run) {
    std::fputs(usage, stderr);
    return 2;
  }
  const auto host = voxhost::Host::connect(address, options);
  if (!host) return fail(host.error());
  return is_list ? list(*host) : run(*host, run_options, words[at + 1], words[at + 2], words[at + 3]);
}
