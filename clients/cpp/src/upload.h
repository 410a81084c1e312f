// Uploads, for Host::upload and for the inputs of a run.
#pragma once

#include <functional>
#include <string>

#include "connection.h"

namespace voxhost {

using OnBytes = std::function<void(const TransferProgress&)>;

/// What Host::upload says.
Result<Volume> upload_image(const Connection& connection, const Limit& limit, const ImageView& image, const OnBytes& on_bytes);

/// 32 hexadecimal digits that nobody else has.
std::string random_id();

}  // namespace voxhost
