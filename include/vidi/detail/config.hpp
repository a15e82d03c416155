#pragma once

/// @file
/// Marks what a shared build of vidi exports.

#if defined(_WIN32)
#define VIDI_DECL
#else
#define VIDI_DECL __attribute__((visibility("default")))
#endif

namespace boost::asio {
}

namespace vidi {

namespace asio = boost::asio;

} // namespace vidi
