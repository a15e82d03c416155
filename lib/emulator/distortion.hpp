#pragma once

#include "emulator/message.hpp"
#include "emulator/transmission.hpp"

namespace vidi::emulation {

/// A reply as it is.
transmission transmit(http_reply const& reply, bool keep_alive, body_part body);

/// A reply, sent as a fault of the catalogue wants it. Faults that are no matter of the bytes leave
/// it as it is.
transmission distort(testing::fault how, http_reply reply, bool keep_alive);

} // namespace vidi::emulation
