#pragma once

#include "transport/operation.hpp"

namespace vidi::transport {

// Lets an operation wait for that long, or until it is stopped.
task<void> pause(operation&, operation::duration);

} // namespace vidi::transport
