#pragma once

namespace vidi_tool {

/// What the program's exit status says.
enum exit_status : int
{
    exit_success = 0,      ///< All images succeeded.
    exit_failures = 1,     ///< Some image failed, or a result could not be written.
    exit_usage = 2,        ///< Wrong usage or unusable input; nothing was sent.
    exit_refused = 3,      ///< Refused for all images: a bad key, an unreachable host.
    exit_interrupted = 130 ///< Ended by SIGINT or SIGTERM.
};

} // namespace vidi_tool
