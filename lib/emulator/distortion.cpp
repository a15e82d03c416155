#include "emulator/distortion.hpp"

#include "emulator/api_error.hpp"
#include "emulator/gzip.hpp"

#include <algorithm>

namespace vidi::emulation {
namespace {

using testing::closing;
using testing::fault;

constexpr std::size_t chunk_size = 300;
constexpr std::string_view last_chunk = "0\r\n";
constexpr std::string_view early_hints =
    "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";

std::string hexadecimal(std::size_t number)
{
    char digits[17];
    std::snprintf(digits, sizeof digits, "%zx", number);
    return digits;
}

// All but the last chunk.
std::string to_chunks(std::string_view body)
{
    std::string text;
    while (!body.empty()) {
        auto const data = body.substr(0, chunk_size);
        text.append(hexadecimal(data.size())).append(";part=\"of; it\"\r\n");
        text.append(data).append("\r\n");
        body.remove_prefix(data.size());
    }
    return text;
}

std::string replace_all(std::string text, std::string_view what, std::string_view by)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// Puts something in place of the number that a member of that name has.
std::string replace_number(std::string text, std::string_view name, std::string_view by)
{
    auto const member = std::string("\"").append(name).append("\": ");
    auto const at = text.find(member);
    if (at == std::string::npos)
        return text;
    auto const begin = at + member.size();
    auto const end = text.find_first_not_of("0123456789", begin);
    return text.replace(begin, end - begin, by);
}

// The head with one more field, and something else for a body.
transmission
send_with(http_reply reply, bool keep_alive, header_field field, std::string_view payload)
{
    reply.headers.push_back(std::move(field));
    transmission result{.status = reply.status, .keep_alive = keep_alive};
    result.bytes = serialise(reply, keep_alive, body_part::omit);
    result.body_at = result.bytes.size();
    result.bytes.append(payload);
    return result;
}

transmission send_length(http_reply const& reply, bool keep_alive, std::string length)
{
    return send_with(reply, keep_alive, {"Content-Length", std::move(length)}, reply.body);
}

transmission send_chunks(http_reply const& reply, bool keep_alive, std::string const& chunks)
{
    return send_with(reply, keep_alive, {"Transfer-Encoding", "chunked"}, chunks);
}

transmission whole(transmission result)
{
    result.complete_at = result.bytes.size();
    return result;
}

transmission then_close(transmission result)
{
    result.close = closing::orderly;
    return result;
}

transmission send_plain(http_reply const& reply, bool keep_alive)
{
    return transmit(reply, keep_alive, body_part::send);
}

transmission send_two_lengths(http_reply reply, bool keep_alive)
{
    auto const size = reply.body.size();
    reply.headers.push_back({"Content-Length", std::to_string(size)});
    return send_length(reply, keep_alive, std::to_string(size + 1));
}

transmission send_length_and_chunks(http_reply reply, bool keep_alive)
{
    auto const chunks = to_chunks(reply.body).append(last_chunk).append("\r\n");
    reply.headers.push_back({"Content-Length", std::to_string(reply.body.size())});
    return send_chunks(reply, keep_alive, chunks);
}

transmission send_too_much(http_reply const& reply, bool keep_alive)
{
    auto const length = reply.body.size() - std::min<std::size_t>(reply.body.size(), 10);
    auto result = send_length(reply, keep_alive, std::to_string(length));
    result.complete_at = result.body_at + length;
    return result;
}

transmission send_trailers(http_reply const& reply, bool keep_alive)
{
    auto chunks = to_chunks(reply.body).append(last_chunk);
    return whole(send_chunks(
        reply, keep_alive, chunks.append("X-Checksum: 0\r\nServer-Timing: total\r\n\r\n")));
}

transmission send_endless_extension(http_reply const& reply, bool keep_alive)
{
    auto result = send_chunks(reply, keep_alive, "10;filler=");
    result.endless.assign(65536, 'x');
    return result;
}

transmission send_endless_fields(http_reply const& reply, bool keep_alive)
{
    auto result = send_plain(reply, keep_alive);
    // Without the empty line.
    result.bytes.resize(result.body_at - 2);
    result.complete_at.reset();
    for (int i = 0; i < 1000; ++i)
        result.endless += "X-Filler: and another one\r\n";
    return result;
}

transmission send_bad_status_line(http_reply const& reply)
{
    auto result = send_plain(reply, false);
    result.bytes.replace(0, result.bytes.find("\r\n"), "HTTP/1.1 fine");
    result.complete_at.reset();
    result.status = 0;
    return then_close(result);
}

transmission send_without_head(http_reply const& reply)
{
    return {.bytes = reply.body, .close = closing::orderly};
}

transmission send_as_http_1_0(http_reply const& reply)
{
    auto result = send_plain(reply, false);
    auto const field = result.bytes.find("Content-Length: ");
    auto const size = result.bytes.find("\r\n", field) + 2 - field;
    result.bytes.erase(field, size);
    result.bytes.replace(0, 8, "HTTP/1.0");
    result.body_at -= size;
    return then_close(whole(result));
}

transmission send_after(std::string_view interim, http_reply const& reply, bool keep_alive)
{
    auto result = send_plain(reply, keep_alive);
    result.bytes.insert(0, interim);
    result.body_at += interim.size();
    return whole(result);
}

transmission send_before(std::string_view surplus, http_reply const& reply, bool keep_alive)
{
    auto result = send_plain(reply, keep_alive);
    result.bytes.append(surplus);
    return result;
}

std::string many(std::string_view text, int times)
{
    std::string result;
    for (int i = 0; i < times; ++i)
        result += text;
    return result;
}

// An answer that looks like the one to the request and is the one to another.
std::string answer_to_another(http_reply reply)
{
    reply.body = replace_all(std::move(reply.body), "prompt: ", "another prompt: ");
    return serialise(reply, true, body_part::send);
}

transmission send_late(std::string late, http_reply const& reply, bool keep_alive)
{
    auto result = send_plain(reply, keep_alive);
    result.late = std::move(late);
    return result;
}

std::optional<transmission> distort_framing(fault how, http_reply const& reply, bool keep_alive)
{
    auto const& body = reply.body;
    switch (how) {
    case fault::content_length_too_large:
        return then_close(send_length(reply, false, std::to_string(body.size() + 100)));
    case fault::content_length_too_small:
        return send_too_much(reply, keep_alive);
    case fault::content_length_not_a_number:
        return send_length(reply, keep_alive, "many");
    case fault::content_length_negative:
        return send_length(reply, keep_alive, "-1");
    case fault::content_length_twice:
        return send_two_lengths(reply, keep_alive);
    case fault::content_length_and_chunked:
        return send_length_and_chunks(reply, keep_alive);
    case fault::chunked:
        return whole(
            send_chunks(reply, keep_alive, to_chunks(body).append(last_chunk).append("\r\n")));
    case fault::chunked_with_trailers:
        return send_trailers(reply, keep_alive);
    case fault::chunk_size_bad:
        return send_chunks(reply, keep_alive, to_chunks(body).append("a lot\r\n"));
    case fault::chunk_size_overflow:
        return send_chunks(reply, keep_alive, "10000000000000001\r\n" + body);
    case fault::chunk_extension_endless:
        return send_endless_extension(reply, keep_alive);
    case fault::last_chunk_missing:
        return then_close(send_chunks(reply, false, to_chunks(body)));
    case fault::header_endless:
        return send_endless_fields(reply, keep_alive);
    case fault::status_line_bad:
        return send_bad_status_line(reply);
    case fault::http_0_9:
        return send_without_head(reply);
    case fault::http_1_0_without_length:
        return send_as_http_1_0(reply);
    default:
        return std::nullopt;
    }
}

std::optional<transmission> add_messages(fault how, http_reply const& reply, bool keep_alive)
{
    switch (how) {
    case fault::interim_continue:
        return send_after("HTTP/1.1 100 Continue\r\n\r\n", reply, keep_alive);
    case fault::interim_early_hints:
        return send_after(early_hints, reply, keep_alive);
    case fault::interim_too_many:
        return send_after(many(early_hints, 150), reply, keep_alive);
    case fault::surplus_line_end:
        return send_before("\r\n", reply, keep_alive);
    case fault::surplus_garbage:
        return send_before("\x01 is not HTTP", reply, keep_alive);
    case fault::second_response:
        return send_before(answer_to_another(reply), reply, keep_alive);
    case fault::second_response_late:
        return send_late(answer_to_another(reply), reply, keep_alive);
    case fault::timeout_response_late:
        return then_close(send_late(
            serialise(to_reply(protocol_error(408)), false, body_part::send), reply, keep_alive));
    default:
        return std::nullopt;
    }
}

http_reply distort_content(fault how, http_reply reply)
{
    auto& body = reply.body;
    switch (how) {
    case fault::content_identity:
        reply.headers.push_back({"Content-Encoding", "identity"});
        break;
    case fault::content_gzip:
        body = gzip(body);
        reply.headers.push_back({"Content-Encoding", "gzip"});
        break;
    case fault::header_huge:
        reply.headers.push_back({"X-Filler", std::string(std::size_t{1} << 20, 'x')});
        break;
    case fault::announced_close:
        reply.headers.push_back({"Connection", "close"});
        break;
    case fault::json_invalid_utf8:
        body = replace_all(std::move(body), "\"id\": \"", "\"id\": \"\xc0\xff");
        break;
    case fault::json_huge_exponent:
        body = replace_number(std::move(body), "created_at", "1e999");
        break;
    case fault::json_huge_integer:
        body = replace_number(std::move(body), "created_at", std::string(400, '9'));
        break;
    case fault::json_truncated:
        body.resize(body.size() / 2);
        break;
    default:
        break;
    }
    return reply;
}

} // namespace

transmission transmit(http_reply const& reply, bool keep_alive, body_part body)
{
    transmission result{.status = reply.status, .keep_alive = keep_alive};
    result.bytes = serialise(reply, keep_alive, body);
    result.body_at = result.bytes.find("\r\n\r\n") + 4;
    return whole(result);
}

transmission distort(fault how, http_reply reply, bool keep_alive)
{
    reply = distort_content(how, std::move(reply));
    keep_alive = keep_alive && how != fault::announced_close;
    if (auto result = distort_framing(how, reply, keep_alive))
        return *std::move(result);
    if (auto result = add_messages(how, reply, keep_alive))
        return *std::move(result);
    auto result = send_plain(reply, keep_alive);
    // No client has to take so much.
    if (how == fault::header_huge)
        result.complete_at.reset();
    return result;
}

} // namespace vidi::emulation
