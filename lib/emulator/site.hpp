#pragma once

#include "emulator/latency.hpp"
#include "emulator/message.hpp"
#include "emulator/picture_shelf.hpp"
#include "emulator/responses.hpp"

#include <boost/asio/awaitable.hpp>

namespace vidi::emulation {

/// Everything the server answers, by path.
class site
{
public:
    site(testing::emulator_options const& options, picture_shelf& shelf, responses& responses);

    boost::asio::awaitable<http_reply> answer(http_request const& request);

private:
    boost::asio::awaitable<http_reply> answer_responses(http_request const& request);
    http_reply answer_picture(http_request const& request) const;

    testing::emulator_options const& options_;
    picture_shelf& shelf_;
    responses& responses_;
    latency_sampler latency_;
};

} // namespace vidi::emulation
