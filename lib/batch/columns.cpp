#include "batch/columns.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <iterator>

namespace vidi::batch {
namespace {

// In the order of the file. What is long comes last, so that the rest is read without it.
constexpr char const* names[] = {
    "failed",       "interrupted",   "attempts",           "possibly_billed",
    "duration",     "completed",     "input_tokens",       "output_tokens",
    "total_tokens", "cached_tokens", "cache_write_tokens", "reasoning_tokens",
    "http_status",  "status",        "failure_kind",       "failure_message",
    "request_id",   "failure_code",  "usage_additional",   "text"};

enum column
{
    failed,
    interrupted,
    attempts,
    possibly_billed,
    duration,
    completed,
    input_tokens,
    output_tokens,
    total_tokens,
    cached_tokens,
    cache_write_tokens,
    reasoning_tokens,
    http_status,
    status,
    failure_kind,
    failure_message,
    request_id,
    failure_code,
    usage_additional,
    text,
    end
};
static_assert(std::size(names) == end);

template <class T>
std::optional<T> given_if(bool condition, T value)
{
    return condition ? std::optional{value} : std::nullopt;
}

boost::json::value read_json(sqlite::rows const& row, int column)
{
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(row.text(column), error);
    if (error)
        throw row.damaged(column);
    return value;
}

// What the server said of the usage and vidi does not know, or nothing.
std::optional<std::string> additional_text(vidi::usage const& usage)
{
    auto const& input = usage.input_tokens_details.additional;
    auto const& output = usage.output_tokens_details.additional;
    if (usage.additional.empty() && input.empty() && output.empty())
        return {};
    return boost::json::serialize(boost::json::array{usage.additional, input, output});
}

void read_additional(sqlite::rows const& row, int column, vidi::usage& usage)
{
    boost::json::value value = read_json(row, column);
    auto* const parts = value.if_array();
    if (!parts || parts->size() != 3)
        throw row.damaged(column);
    for (auto const& part : *parts)
        if (!part.is_object())
            throw row.damaged(column);
    usage.additional = std::move((*parts)[0].get_object());
    usage.input_tokens_details.additional = std::move((*parts)[1].get_object());
    usage.output_tokens_details.additional = std::move((*parts)[2].get_object());
}

std::optional<usage> read_usage(sqlite::rows const& row, int first)
{
    if (row.is_null(first + input_tokens))
        return {};
    vidi::usage usage;
    usage.input_tokens = row.integer<std::int64_t>(first + input_tokens);
    usage.output_tokens = row.integer<std::int64_t>(first + output_tokens);
    usage.total_tokens = row.integer<std::int64_t>(first + total_tokens);
    usage.input_tokens_details.cached_tokens = row.integer<std::int64_t>(first + cached_tokens);
    usage.input_tokens_details.cache_write_tokens =
        row.integer<std::int64_t>(first + cache_write_tokens);
    usage.output_tokens_details.reasoning_tokens =
        row.integer<std::int64_t>(first + reasoning_tokens);
    if (!row.is_null(first + usage_additional))
        read_additional(row, first + usage_additional, usage);
    return usage;
}

failure read_failure(sqlite::rows const& row, int first)
{
    return {
        row.text(first + failure_kind), row.text(first + failure_message),
        row.integer<int>(first + http_status), row.text(first + request_id),
        row.text(first + failure_code)};
}

} // namespace

std::string result_columns()
{
    std::string columns;
    for (char const* name : names)
        columns.append(columns.empty() ? "" : ", ").append("result.").append(name);
    return columns;
}

std::optional<result> read_result(sqlite::rows const& row, int first)
{
    if (row.is_null(first + failed))
        return {};
    batch::result result;
    result.status = row.text(first + status);
    result.text = row.text(first + text);
    result.usage = read_usage(row, first);
    auto const has_failed = row.integer<std::int64_t>(first + failed);
    if (has_failed != 0 && has_failed != 1)
        throw row.damaged(first + failed);
    if (has_failed)
        result.failure = read_failure(row, first);
    result.attempts = row.integer<unsigned>(first + attempts);
    result.possibly_billed = row.integer<unsigned>(first + possibly_billed);
    result.interrupted = row.integer<unsigned>(first + interrupted);
    result.duration = std::chrono::milliseconds{row.integer<std::int64_t>(first + duration)};
    result.completed = std::chrono::sys_time<std::chrono::milliseconds>{
        std::chrono::milliseconds{row.integer<std::int64_t>(first + completed)}};
    return result;
}

std::string store_result_sql()
{
    std::string columns = "question";
    std::string values = "?";
    for (char const* name : names) {
        columns.append(", ").append(name);
        values.append(", ?");
    }
    return "INSERT INTO result(" + columns + ") VALUES(" + values + ") ON CONFLICT DO NOTHING";
}

void store_result(sqlite::statement& store, std::int64_t question, batch::result const& result)
{
    bool const has_usage = result.usage.has_value();
    vidi::usage const no_usage;
    vidi::usage const& usage = has_usage ? *result.usage : no_usage;
    bool const has_failed = result.failure.has_value();
    batch::failure const no_failure;
    batch::failure const& failure = has_failed ? *result.failure : no_failure;
    // It has to stay until the statement is executed.
    std::optional<std::string> const additional = additional_text(usage);
    store.run(
        question, has_failed ? 1 : 0, result.interrupted, result.attempts, result.possibly_billed,
        result.duration.count(), result.completed.time_since_epoch().count(),
        given_if(has_usage, usage.input_tokens), given_if(has_usage, usage.output_tokens),
        given_if(has_usage, usage.total_tokens),
        given_if(has_usage, usage.input_tokens_details.cached_tokens),
        given_if(has_usage, usage.input_tokens_details.cache_write_tokens),
        given_if(has_usage, usage.output_tokens_details.reasoning_tokens),
        given_if(has_failed, failure.http_status), result.status,
        given_if(has_failed, std::string_view{failure.kind}),
        given_if(has_failed, std::string_view{failure.message}),
        given_if(has_failed, std::string_view{failure.request_id}),
        given_if(has_failed, std::string_view{failure.code}), additional, result.text);
}

origin read_origin(sqlite::rows const& row, int first)
{
    batch::origin origin;
    origin.position = row.integer<std::uint64_t>(first);
    if (!row.is_null(first + 1))
        origin.id = read_json(row, first + 1);
    origin.image = row.text(first + 2);
    return origin;
}

std::optional<std::string> id_text(boost::json::value const& id)
{
    if (id.is_null())
        return {};
    return boost::json::serialize(id);
}

} // namespace vidi::batch
