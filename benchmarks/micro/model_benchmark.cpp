#include <vidi/json.hpp>

#include "counted.hpp"
#include "model/error_body.hpp"
#include "model/utf8.hpp"
#include "model/validate.hpp"
#include "samples.hpp"

#include <utility>

namespace vidi_benchmark {
namespace {

constexpr std::size_t megabyte = 1'000'000;

void request_to_json(benchmark::State& state, vidi::request const& request)
{
    run_counted(state, [&] { return vidi::serialize(request); });
    state.SetBytesProcessed(
        state.iterations() * static_cast<std::int64_t>(vidi::serialize(request).size()));
}

void validate(benchmark::State& state, vidi::request const& request)
{
    std::string detail;
    run_counted(state, [&] { return vidi::model::validate(request, detail); });
}

void json_to_response(benchmark::State& state, std::string const& text)
{
    vidi::parse_error error;
    run_counted(state, [&] { return vidi::parse_response(text, error); });
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

// What each hand-over costs on the way from the parser to the caller.
void move_response(benchmark::State& state)
{
    auto response = vidi::parse_response(gateway_answer());
    run_counted(state, [&] {
        vidi::response other{std::move(response)};
        response = std::move(other);
        return response.created_at;
    });
}

void check_utf8(benchmark::State& state, std::string const& text)
{
    run_counted(state, [&] { return vidi::model::find_invalid_utf8(text); });
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void embed_picture(benchmark::State& state)
{
    auto const picture = jpeg(megabyte);
    run_counted(state, [&] { return vidi::input_image::from_bytes(picture); });
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture.size()));
}

void error_body(benchmark::State& state)
{
    std::string const body =
        R"({"error": {"message": "Rate limit reached for gpt-5-mini", "type": "tokens",)"
        R"( "param": null, "code": "rate_limit_exceeded"}})";
    run_counted(state, [&] { return vidi::model::parse_error_body(body); });
}

BENCHMARK_CAPTURE(request_to_json, url, url_request());
BENCHMARK_CAPTURE(request_to_json, megabyte, picture_request(megabyte));
BENCHMARK_CAPTURE(validate, url, url_request());
BENCHMARK_CAPTURE(validate, megabyte, picture_request(megabyte));
BENCHMARK_CAPTURE(json_to_response, gateway, gateway_answer());
BENCHMARK_CAPTURE(json_to_response, 50_kilobytes, long_answer(50'000));
BENCHMARK(move_response);
BENCHMARK_CAPTURE(check_utf8, ascii, std::string(megabyte, 'x'));
BENCHMARK_CAPTURE(check_utf8, chinese, repeated("描述这张图片中的内容", megabyte));
BENCHMARK(embed_picture);
BENCHMARK(error_body);

} // namespace
} // namespace vidi_benchmark
