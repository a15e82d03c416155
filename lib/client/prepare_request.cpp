#include "client/prepare_request.hpp"

#include <vidi/json.hpp>

#include "client/client_state.hpp"
#include "model/validate.hpp"
#include "protocol/request_head.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace vidi {
namespace {

constexpr std::size_t longest_client_request_id = 512;

constexpr std::size_t longest_draft_kept = std::size_t{4} << 20;

// The body grows in memory that the thread keeps, so that what is held while the request is under
// way is not larger than it must be.
std::string make_request(std::string_view head_prefix, std::string_view id, request const& what)
{
    thread_local std::string body;
    body.clear();
    serialize(what, body);
    auto result = protocol::make_request(head_prefix, id, body);
    if (body.capacity() > longest_draft_kept)
        std::string{}.swap(body);
    return result;
}

} // namespace

detail::prepared_request
prepare_request(client_state& shared, request const& what, request_options options)
{
    detail::prepared_request result;
    result.timeout = options.timeout;
    result.failure = model::validate(what, result.detail);
    if (result.failure)
        return result;
    auto& id = options.client_request_id;
    if (id.empty())
        id = shared.next_client_request_id();
    if (id.size() > longest_client_request_id || !protocol::is_field_value(id)) {
        result.detail = "client_request_id: it is longer than 512 characters, or holds one that a "
                        "header field cannot carry";
        result.failure = errc::invalid_request;
        return result;
    }
    result.text = make_request(shared.head_prefix, id, what);
    result.client_request_id = std::move(id);
    return result;
}

} // namespace vidi
