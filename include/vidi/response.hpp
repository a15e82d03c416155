#pragma once

#include <vidi/detail/config.hpp>
#include <vidi/detail/omitted_members.hpp>
#include <vidi/exchange_info.hpp>
#include <vidi/output.hpp>
#include <vidi/settings.hpp>
#include <vidi/tool.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vidi {

/// How far the server is with a response.
enum class response_status
{
    unknown,     ///< Not given, or a value that is not known here: see `response::additional`.
    completed,   ///< Done. It may still hold a refusal, or no message at all.
    failed,      ///< The server failed inside a successful exchange: see `response::error`.
    in_progress, ///< In the background: poll.
    cancelled,   ///< Cancelled on request.
    queued,      ///< In the background: poll.
    incomplete,  ///< Cut short, perhaps before the first word: see `response::incomplete_details`.
};

/// A point in time as the API gives it: seconds since 1970-01-01 00:00 UTC, rarely with a fraction.
using timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::duration<double>>;

/// The API's own description of a failure.
struct response_error
{
    /// Such as `rate_limit_exceeded` or `invalid_image_url`; many errors have none.
    std::optional<std::string> code{};
    std::string message{};
    /// The field of the request that is to blame.
    std::optional<std::string> param{};
    /// Such as `invalid_request_error`.
    std::optional<std::string> type{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(response_error const&) const = default;
};

/// Why a response is incomplete.
struct incomplete_details
{
    /// `max_output_tokens`, `content_filter`, `max_messages`, `steered`.
    std::optional<std::string> reason{};
    boost::json::object additional{};

    bool operator==(incomplete_details const&) const = default;
};

/// The conversation a response belongs to.
struct conversation_reference
{
    std::string id{};
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(conversation_reference const&) const = default;
};

/// What `usage::input_tokens` consists of.
struct input_tokens_details
{
    /// Tokens read from the prompt cache.
    std::int64_t cached_tokens = 0;
    /// Tokens written to the prompt cache.
    std::int64_t cache_write_tokens = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(input_tokens_details const&) const = default;
};

/// What `usage::output_tokens` consists of.
struct output_tokens_details
{
    std::int64_t reasoning_tokens = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(output_tokens_details const&) const = default;
};

/// What is billed, in tokens. A number that the server left out is 0.
struct usage
{
    /// Pictures included.
    std::int64_t input_tokens = 0;
    vidi::input_tokens_details input_tokens_details{};
    /// Reasoning included.
    std::int64_t output_tokens = 0;
    vidi::output_tokens_details output_tokens_details{};
    std::int64_t total_tokens = 0;
    boost::json::object additional{};
    detail::omitted_members omitted{};

    bool operator==(usage const&) const = default;
};

/// What the model answered, and how that came about.
///
/// Servers leave out many of the members, or send null: such a member is empty here, and null if it
/// is a JSON value. What the typed members do not represent is kept in `additional`, so that
/// `serialize(parse_response(text))` is the same JSON as `text`.
struct response
{
    /// `resp_…`
    std::string id{};
    /// Always `response`.
    std::optional<std::string> object{};
    std::optional<timestamp> created_at{};
    std::optional<timestamp> completed_at{};
    response_status status = response_status::unknown;
    /// Why the server failed. For an HTTP status that is an error, the error object of the body.
    std::optional<response_error> error{};
    std::optional<vidi::incomplete_details> incomplete_details{};
    /// The dated snapshot that answered, such as `gpt-5-mini-2025-08-07`, not the name that was
    /// asked for.
    std::string model{};
    /// What the model produced. Never assume that the first item is the message.
    std::vector<output_item> output{};
    /// Not there until the response is finished.
    std::optional<vidi::usage> usage{};

    /// @name The request repeated, with the server's defaults filled in: see @ref request.
    /// @{
    boost::json::value access_programs{};
    std::optional<bool> background{};
    std::optional<conversation_reference> conversation{};
    boost::json::value image{};
    /// A string or a list of input items, as JSON.
    boost::json::value instructions{};
    std::optional<std::int64_t> max_output_tokens{};
    std::optional<std::int64_t> max_tool_calls{};
    std::map<std::string, std::string> metadata{};
    std::optional<bool> parallel_tool_calls{};
    std::optional<std::string> previous_response_id{};
    std::optional<prompt_template> prompt{};
    std::optional<std::string> prompt_cache_key{};
    boost::json::value prompt_cache_options{};
    std::optional<std::string> prompt_cache_retention{};
    std::optional<reasoning_settings> reasoning{};
    std::optional<std::string> safety_identifier{};
    /// The tier that was really used.
    std::optional<std::string> service_tier{};
    std::optional<bool> store{};
    std::optional<double> temperature{};
    std::optional<text_settings> text{};
    std::optional<vidi::tool_choice> tool_choice{};
    std::vector<tool> tools{};
    std::optional<std::int64_t> top_logprobs{};
    std::optional<double> top_p{};
    std::optional<std::string> truncation{};
    std::optional<std::string> user{};
    /// @}

    /// @name Reports of the server, as JSON
    /// @{
    /// `[{blocked, source_type, content_filter_results}]`, from Azure and gateways.
    boost::json::value content_filters{};
    /// `[{id, type, action, reason}]`: what the server took out of the input.
    boost::json::value input_transformations{};
    /// `{input, output}`: each a result or an error.
    boost::json::value moderation{};
    /// By its `type`: `cache_hit`, `cache_miss`, `comparison_response_not_found`, `unavailable`.
    boost::json::value prompt_cache_diagnostics{};
    /// `{image_gen, web_search}`
    boost::json::value tool_usage{};
    /// @}

    /// Every member of the JSON object that the typed members do not represent.
    boost::json::object additional{};
    detail::omitted_members omitted{};

    /// How the response came about. Not part of the JSON.
    exchange_info exchange{};

    /// The text of the answer: every `output_text` part of every message of the output, one after
    /// the other with nothing between them.
    VIDI_DECL std::string output_text() const;

    /// Why the model does not answer: every `refusal` part of every message, likewise. Empty if it
    /// did not refuse.
    VIDI_DECL std::string refusal() const;

    /// The status is `completed` and there is no error. A refusal is an answer too: see refusal().
    bool ok() const noexcept { return status == response_status::completed && !error; }

    bool operator==(response const&) const = default;
};

} // namespace vidi
