#include "client/prepare_request.hpp"

#include <vidi/json.hpp>

#include "client/client_state.hpp"
#include "model/estimate_tokens.hpp"
#include "model/validate.hpp"
#include "protocol/request_head.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace vidi {
namespace {

constexpr std::size_t longest_client_request_id = 500;

constexpr std::size_t longest_draft_kept = std::size_t{4} << 20;

// The body grows in memory that the thread keeps, so that what is held while the request is under
// way is not larger than it must be.
void make_text(client_state const& shared, request const& what, detail::prepared_request& result)
{
    thread_local std::string body;
    body.clear();
    serialize(what, body);
    result.text =
        protocol::make_request(shared.head_prefix.reveal(), result.client_request_id, body);
    result.tokens = model::estimate_tokens(what, body.size()).total();
    if (body.capacity() > longest_draft_kept)
        std::string{}.swap(body);
}

} // namespace

detail::prepared_request
prepare_request(client_state& shared, request const& what, request_options options)
{
    detail::prepared_request result;
    result.timeout = options.timeout;
    result.max_retries = options.max_retries;
    result.retry_possibly_billed = options.retry_possibly_billed;
    result.failure = model::validate(what, result.detail);
    if (result.failure)
        return result;
    auto& id = options.client_request_id;
    if (id.empty())
        id = shared.next_client_request_id();
    if (id.size() > longest_client_request_id || !protocol::is_field_value(id)) {
        result.detail = "client_request_id: it is longer than 500 characters, or holds one that a "
                        "header field cannot carry";
        result.failure = errc::invalid_request;
        return result;
    }
    result.client_request_id = std::move(id);
    make_text(shared, what, result);
    result.lane = &shared.gatekeeper->lane_of(what.model);
    if (shared.config.observer)
        result.model = what.model;
    return result;
}

} // namespace vidi
