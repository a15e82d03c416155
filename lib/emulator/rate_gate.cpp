#include "emulator/rate_gate.hpp"

#include "emulator/api_error.hpp"

namespace vidi::emulation {
namespace {

using std::chrono::ceil;
using std::chrono::milliseconds;
using std::chrono::seconds;
using clock = std::chrono::steady_clock;

void append_number(std::vector<header_field>& fields, std::string const& name, std::uint64_t number)
{
    fields.push_back({name, std::to_string(number)});
}

void append_budget(
    std::vector<header_field>& fields, std::string const& what, rate_budget const& budget)
{
    if (budget.limit == 0)
        return;
    append_number(fields, "x-ratelimit-limit-" + what, budget.limit);
    append_number(fields, "x-ratelimit-remaining-" + what, budget.remaining);
    fields.push_back({"x-ratelimit-reset-" + what, to_go_duration(budget.reset)});
}

std::string describe(std::string const& model, rate_refusal const& refusal)
{
    bool const requests = refusal.kind == rate_limit_kind::requests;
    auto text = std::string(refusal.wait ? "Rate limit reached" : "Request too large") + " for " +
                model + " in organization vidi-emulator on " +
                (requests ? "requests per min (RPM)" : "tokens per min (TPM)") + ": Limit " +
                std::to_string(refusal.limit) + ", Used " + std::to_string(refusal.used) +
                ", Requested " + std::to_string(refusal.requested) + '.';
    if (refusal.wait)
        text += " Please try again in " + to_go_duration(*refusal.wait) + '.';
    return text;
}

api_error to_error(
    std::string const& model, rate_refusal const& refusal,
    testing::rate_limit_options const& limits)
{
    api_error error{
        .status = 429,
        .message = describe(model, refusal),
        .type = refusal.kind == rate_limit_kind::requests ? "requests" : "tokens",
        .code = "rate_limit_exceeded"};
    if (refusal.wait && limits.send_retry_after) {
        auto const& wait = *refusal.wait;
        error.headers = {
            {"retry-after", std::to_string(ceil<seconds>(wait).count())},
            {"retry-after-ms", std::to_string(ceil<milliseconds>(wait).count())}};
    }
    return error;
}

// Of a service whose limits nobody reaches.
std::vector<header_field> generous_headers()
{
    std::vector<header_field> fields;
    append_budget(fields, "requests", {30'000, 29'999, milliseconds{2}});
    append_budget(fields, "tokens", {150'000'000, 149'999'000, milliseconds{1}});
    return fields;
}

} // namespace

std::string to_go_duration(clock::duration time)
{
    auto const ms = ceil<milliseconds>(time).count();
    if (ms < 1000)
        return ms == 0 ? "0s" : std::to_string(ms) + "ms";
    auto text = ms >= 60'000 ? std::to_string(ms / 60'000) + 'm' : std::string{};
    text += std::to_string(ms % 60'000 / 1000);
    if (auto fraction = std::to_string(1000 + ms % 1000); fraction != "1000") {
        fraction.erase(fraction.find_last_not_of('0') + 1);
        text.append(".").append(fraction, 1);
    }
    return text + 's';
}

rate_gate::rate_gate(testing::rate_limit_options const& limits, recorder& log)
    : limits_{limits}, rule_{limits}, log_{log}
{
}

void rate_gate::admit(std::string const& model, std::uint64_t input_tokens)
{
    if (!limited())
        return;
    auto const refusal = rule_.admit(model, input_tokens, clock::now());
    log_.update([&](auto& s) {
        s.rate_limited += refusal ? 1u : 0u;
        s.most_in_window = rule_.most_in_window();
    });
    if (refusal)
        throw to_error(model, *refusal, limits_);
}

void rate_gate::refuse(std::string const& model)
{
    if (limited())
        rule_.count_refused(model, clock::now());
}

void rate_gate::use_tokens(std::string const& model, std::uint64_t tokens)
{
    if (limited())
        rule_.use_tokens(model, tokens, clock::now());
}

std::vector<header_field> rate_gate::headers(std::string const& model)
{
    std::vector<header_field> fields;
    if (!limits_.send_headers)
        return fields;
    if (!limited())
        return generous_headers();
    auto const now = clock::now();
    append_budget(fields, "requests", rule_.requests_left(model, now));
    append_budget(fields, "tokens", rule_.tokens_left(model, now));
    return fields;
}

} // namespace vidi::emulation
