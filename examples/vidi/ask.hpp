#pragma once

#include <vidi/client.hpp>

#include "outcome.hpp"
#include "request_settings.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace vidi_tool {

/// Asks about one image. Every failure is in the outcome. Settings and client must outlive the
/// operation.
boost::asio::awaitable<outcome>
ask(vidi::client& client, request_settings const& settings, std::string image, std::string prompt);

} // namespace vidi_tool
