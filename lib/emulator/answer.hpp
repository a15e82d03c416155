#pragma once

#include "emulator/picture.hpp"
#include "emulator/request_reading.hpp"

#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <vector>

namespace vidi::emulation {

/// What the model says: the prompt and the facts, as text or, if the request asks for it, as JSON.
std::string make_text(
    std::string const& prompt, std::vector<std::shared_ptr<picture_facts const>> const& facts);
std::string make_json(
    std::string const& prompt, std::vector<std::shared_ptr<picture_facts const>> const& facts);

/// What goes into a response besides the request.
struct answer
{
    /// Hexadecimal digits that no other answer has.
    std::string id;
    std::int64_t created_at = 0;
    std::string text;
    std::uint64_t input_tokens = 0;
};

/// The response object for a request that has passed the checks.
boost::json::object make_response(boost::json::object const& request, answer const& answer);

} // namespace vidi::emulation
