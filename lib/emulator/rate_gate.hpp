#pragma once

#include "emulator/message.hpp"
#include "emulator/rate_limiter.hpp"
#include "emulator/recorder.hpp"

namespace vidi::emulation {

/// Applies the rate limits to requests: it reads the clock, counts, and speaks the API's language.
class rate_gate
{
public:
    rate_gate(testing::rate_limit_options const& limits, recorder& log);

    /// Throws `api_error` if the request must wait.
    void admit(std::string const& model, std::uint64_t input_tokens);

    /// A request that was answered with an error, which is not that of `admit`.
    void refuse(std::string const& model);

    /// Counts what an answer has used beyond its input.
    void use_tokens(std::string const& model, std::uint64_t tokens);

    /// The fields that say what is left now.
    std::vector<header_field> headers(std::string const& model);

private:
    bool limited() const { return limits_.requests != 0 || limits_.tokens != 0; }

    testing::rate_limit_options limits_;
    rate_limiter rule_;
    recorder& log_;
};

/// A time as Go writes it and the API sends it: `12ms`, `1.5s`, `6m0s`. Rounded up.
std::string to_go_duration(std::chrono::steady_clock::duration time);

} // namespace vidi::emulation
