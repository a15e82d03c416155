#include "faults/load.hpp"

#include <vidi/batch/judge.hpp>

#include "faults/reconciliation.hpp"
#include "support/pictures.hpp"

#include <optional>
#include <stdexcept>

namespace vidi_soak {
namespace {

// A text that no other request has, not even as a part.
std::string prompt_of(std::uint64_t number)
{
    return "What is shown in picture <" + std::to_string(number) + ">?";
}

bool is_answer_to(vidi::response const& response, std::uint64_t number)
{
    return response.output_text().starts_with("prompt: " + prompt_of(number) + "\npicture 1: ");
}

template <typename Exchange>
std::optional<unsigned> possibly_billed(Exchange const& exchange)
{
    if constexpr (requires { exchange.possibly_billed; })
        return exchange.possibly_billed;
    else
        return std::nullopt;
}

} // namespace

load::load(vidi::client& client, std::size_t concurrency, std::string const& outcomes)
    : client_{client}, concurrency_{concurrency}, outcomes_{outcomes, std::ios::binary},
      picture_{vidi_test::make_png(8, 8, {240, 128, 16}, {16, 32, 192})}
{
    if (!outcomes_)
        throw std::runtime_error("cannot write " + outcomes);
}

void load::start()
{
    for (std::size_t i = 0; i < concurrency_; ++i)
        begin_request();
}

void load::finish() { finished_ = true; }

void load::begin_request()
{
    auto const number = ++begun_;
    in_flight_.insert(number);
    vidi::request const request{
        .model = "gpt-5-mini",
        .input = {vidi::user_message{
            vidi::input_text{prompt_of(number)}, vidi::input_image::from_bytes(picture_)}}};
    vidi::request_options options;
    options.client_request_id = request_id(number);
    client_.async_create(
        request, std::move(options),
        [this, number](vidi::error_code error, vidi::response const& response) {
            complete(number, error, response);
        });
}

void load::complete(std::uint64_t number, vidi::error_code error, vidi::response const& response)
{
    surplus_completions_ += 1 - in_flight_.erase(number);
    outcome result{
        .number = number,
        .attempts = response.exchange.attempts,
        .possibly_billed = possibly_billed(response.exchange)};
    if (error) {
        result.failure = vidi::batch::failure_name(error);
        ++failures_[result.failure];
    }
    else {
        ++succeeded_;
        wrong_answers_ += is_answer_to(response, number) ? 0u : 1u;
    }
    outcomes_ << to_line(result) << '\n';
    if (finished_ && in_flight_.empty())
        outcomes_.flush();
    if (!finished_)
        begin_request();
}

} // namespace vidi_soak
