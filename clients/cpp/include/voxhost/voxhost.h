// Runs medical-imaging workflows on a Voxhost host.
//
//   auto host = voxhost::Host::connect("127.0.0.1:50151");
//   auto run = host->run("brain_extraction_deepbet", {{"image", image}});
//   auto mask = host->download(run->output()->volume.name);
//
// Every call gives a Result: a value, or an Error with a reason for programs and a sentence for people. These headers
// need nothing but the standard library.
#pragma once

#include "voxhost/host.h"    // IWYU pragma: export
#include "voxhost/result.h"  // IWYU pragma: export
#include "voxhost/run.h"     // IWYU pragma: export
#include "voxhost/stop.h"    // IWYU pragma: export
#include "voxhost/view.h"    // IWYU pragma: export
#include "voxhost/volume.h"  // IWYU pragma: export
#include "voxhost/workflow.h"  // IWYU pragma: export
