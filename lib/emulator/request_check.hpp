#pragma once

#include "emulator/rule.hpp"

#include <boost/json/value.hpp>

namespace vidi::emulation {

/// Checks the body of `POST /v1/responses`, every member of it, as the API does. Throws
/// `api_error` with the first thing that is wrong.
void check_request(boost::json::value const& body);

// The rules of its greater parts.
rule input_rule();
/// The list of parts that a message, or the output of a tool, consists of.
rule content_rule();
rule tool_rule();
rule tool_choice_rule();

/// An object that says by its member `type` what it is, with that member and others.
named_rule variant(std::string type, std::vector<member_rule> members);

} // namespace vidi::emulation
