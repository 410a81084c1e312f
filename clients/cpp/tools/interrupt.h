// Ctrl-C as a stop: what the first does on the host is cancelled there too, the second ends the program.
#pragma once

#include "voxhost/stop.h"

/// Call once, before any thread is started (before Host::connect). @returns a token that hears Ctrl-C.
voxhost::StopToken stop_at_interrupt();
