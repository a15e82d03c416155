#pragma once

#include <vidi/error.hpp>
#include <vidi/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace vidi::transport {

// Gives a context the certificate and the private key of this side, if there are any. On failure,
// `detail` says which setting cannot be used and why, without what it holds.
void load_identity(asio::ssl::context&, tls_options const&, error_code&, std::string& detail);

} // namespace vidi::transport
