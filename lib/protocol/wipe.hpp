#pragma once

#include <string>

namespace vidi::protocol {

// Empties a string that was secret and overwrites all of its memory, in a way that no optimiser
// leaves out. What a string left behind where it was before it grew is beyond reach: reserve first.
void wipe(std::string&) noexcept;

} // namespace vidi::protocol
