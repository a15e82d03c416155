#pragma once

#include <vidi/input.hpp>
#include <vidi/settings.hpp>
#include <vidi/tool.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vidi {

/// What a client asks of the model: the body of `POST /responses`.
///
/// Made to be written with designated initialisers:
/// @code
/// request r{.model = "gpt-5-mini",
///           .input = {user_message{input_text{"What is this?"},
///                                  input_image::from_url("https://example.com/a.jpg")}},
///           .max_output_tokens = 500};
/// @endcode
/// A member that is empty or null is not sent, and the server's default applies. The ranges given
/// are the server's; it checks them, the library does not. Sets of names that the API keeps open
/// are strings, with the values known so far in their description.
///
/// In a coroutine, give the request a name before it is passed on: GCC 12 destroys an aggregate
/// twice that is written inside a `co_await` expression.
struct request
{
    /// The name of the model. May be empty only if `prompt` supplies it.
    std::string model{};

    /// What the model is to answer.
    request_input input{};

    /// A system message that stands before the input. Not inherited through
    /// `previous_response_id`.
    std::optional<std::string> instructions{};

    /// `{"cyber": …}`, one of `standard`, `daybreak_blue`, `daybreak_red`.
    boost::json::value access_programs{};

    /// The server answers at once and works on; poll for the result. Needs `store`.
    std::optional<bool> background{};

    /// `[{"type": "compaction", "compact_threshold": …}]`
    boost::json::value context_management{};

    /// The id of a conversation to continue. Excludes `previous_response_id`.
    std::optional<std::string> conversation{};

    /// `{"context_compression": …}`, one of `auto`, `enabled`, `disabled`: what the server may do
    /// to the pictures of a long context.
    boost::json::value image{};

    /// Further data for the response: `file_search_call.results`, `web_search_call.results`,
    /// `web_search_call.action.sources`, `message.input_image.image_url`,
    /// `computer_call_output.output.image_url`, `code_interpreter_call.outputs`,
    /// `reasoning.encrypted_content`, `message.output_text.logprobs`.
    std::vector<std::string> include{};

    /// At least 16. Includes the tokens of the reasoning: too small a limit can use itself up
    /// before the first word of the answer.
    std::optional<std::int64_t> max_output_tokens{};

    /// Over all of the provider's own tools together.
    std::optional<std::int64_t> max_tool_calls{};

    /// Stored with the response: up to 16 pairs, names up to 64 and values up to 512 characters.
    std::map<std::string, std::string> metadata{};

    /// `{"model": …, "policy": {"input": {"mode": …}, "output": {"mode": …}}}`, a mode being
    /// `score` or `block`.
    boost::json::value moderation{};

    /// The model may ask for several tools at once. The server's default is true.
    std::optional<bool> parallel_tool_calls{};

    /// The id of a response to continue. Excludes `conversation`.
    std::optional<std::string> previous_response_id{};

    /// A prompt template to start from.
    std::optional<prompt_template> prompt{};

    /// Requests with the same key share cached prefixes.
    std::optional<std::string> prompt_cache_key{};

    /// `{"mode": …, "ttl": …}`; older models reject it.
    boost::json::value prompt_cache_options{};

    /// `in_memory` or `24h`. Deprecated by the provider.
    std::optional<std::string> prompt_cache_retention{};

    std::optional<reasoning_settings> reasoning{};

    /// A stable, anonymous id of the end user, up to 64 characters.
    std::optional<std::string> safety_identifier{};

    /// `auto`, `default`, `flex`, `scale`, `priority`, `fast`, `ultrafast`. The response names the
    /// tier that was really used.
    std::optional<std::string> service_tier{};

    /// The server keeps the response, for at least 30 days. The server's default is true.
    std::optional<bool> store{};

    /// 0 to 2. Reasoning models reject anything but 1.
    std::optional<double> temperature{};

    std::optional<text_settings> text{};

    std::optional<vidi::tool_choice> tool_choice{};

    std::vector<tool> tools{};

    /// 0 to 20: for how many of the likeliest tokens to report the probability.
    std::optional<std::int64_t> top_logprobs{};

    /// 0 to 1. Change this or `temperature`, not both.
    std::optional<double> top_p{};

    /// `auto` or `disabled`: whether to drop the oldest items of an input that is too long, or to
    /// fail.
    std::optional<std::string> truncation{};

    /// Deprecated by the provider: `safety_identifier` and `prompt_cache_key` replace it.
    std::optional<std::string> user{};

    /// Any further field. A typed member that is set wins over the same name here.
    boost::json::object additional{};

    bool operator==(request const&) const = default;
};

} // namespace vidi
