#pragma once

#include "emulator/message.hpp"
#include "emulator/picture_source.hpp"
#include "emulator/rate_gate.hpp"
#include "emulator/request_reading.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <deque>
#include <random>
#include <string>
#include <unordered_set>

namespace vidi::emulation {

/// `POST /v1/responses`, from the body of the request to the reply.
class responses
{
public:
    responses(picture_source& pictures, rate_gate& gate);

    /// Throws `api_error`.
    boost::asio::awaitable<http_reply> create(std::string_view body);

private:
    boost::asio::awaitable<http_reply>
    answer(boost::json::object const& request, std::string const& model);
    boost::asio::awaitable<std::vector<picture_source::facts_ptr>>
    look_at(std::vector<picture_reference> const& pictures);
    void check_history(boost::json::object const& request) const;
    void remember(boost::json::object const& response);
    std::string make_id();

    picture_source& pictures_;
    rate_gate& gate_;
    std::mt19937_64 random_;
    // The identifiers of stored responses; the oldest are forgotten.
    std::unordered_set<std::string> stored_;
    std::deque<std::string> stored_order_;
};

} // namespace vidi::emulation
