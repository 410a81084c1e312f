// Addresses as people write them: names, numbers, sockets; with a port or without.
#include "address.h"

#include <algorithm>
#include <cctype>

#include "errors.h"

namespace voxhost {
namespace {

constexpr const char* default_port = "50151";

bool is_port(const std::string& text) {
  const bool is_digits = !text.empty() && text.size() <= 5 &&
                         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return is_digits && std::stoi(text) >= 1 && std::stoi(text) <= 65535;
}

bool is_loopback(const std::string& name) {
  const bool is_numbers = name.find_first_not_of("0123456789.") == std::string::npos;
  return name == "localhost" || name == "::1" || (is_numbers && name.rfind("127.", 0) == 0);
}

}  // namespace

Result<Target> parse_address(const std::string& address) {
  const auto refuse = [&] {
    return invalid_field("address", address, std::string("host:port or unix:/path, such as 127.0.0.1:") + default_port);
  };
  if (address.rfind("unix:", 0) == 0) {
    if (address.size() == 5) return refuse();
    return Target{address, true};
  }
  std::string name = address;
  std::string port = default_port;
  const auto bracket = address.find(']');
  const auto colon = address.rfind(':');
  const bool is_bracketed = !address.empty() && address[0] == '[' && bracket != std::string::npos;
  const bool has_one_colon = colon != std::string::npos && address.find(':') == colon;
  if (is_bracketed) {
    name = address.substr(1, bracket - 1);
    if (bracket + 1 < address.size()) {
      if (address[bracket + 1] != ':') return refuse();
      port = address.substr(bracket + 2);
    }
  } else if (has_one_colon) {
    name = address.substr(0, colon);
    port = address.substr(colon + 1);
  }
  if (name.empty() || name.find_first_of("/ []") != std::string::npos || !is_port(port)) return refuse();
  const bool is_v6 = name.find(':') != std::string::npos;
  return Target{"dns:///" + (is_v6 ? "[" + name + "]" : name) + ":" + port, is_loopback(name)};
}

}  // namespace voxhost
