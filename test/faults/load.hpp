#pragma once

#include <vidi/client.hpp>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace vidi_soak {

/// Keeps a number of requests in flight, and writes down what each comes to.
class load
{
public:
    /// `outcomes` is where a line is written for each; see `to_line`.
    load(vidi::client& client, std::size_t concurrency, std::string const& outcomes);

    void start();
    /// No more are begun.
    void finish();

    std::uint64_t begun() const { return begun_; }
    std::uint64_t succeeded() const { return succeeded_; }
    std::size_t in_flight() const { return in_flight_.size(); }
    std::map<std::string, std::uint64_t> const& failures() const { return failures_; }

    /// Successes with another request's answer, and completions of what was not in flight.
    std::uint64_t wrong_answers() const { return wrong_answers_; }
    std::uint64_t surplus_completions() const { return surplus_completions_; }

private:
    void begin_request();
    void complete(std::uint64_t number, vidi::error_code error, vidi::response const& response);

    vidi::client& client_;
    std::size_t concurrency_;
    std::ofstream outcomes_;
    std::string picture_;
    bool finished_ = false;
    std::uint64_t begun_ = 0;
    std::uint64_t succeeded_ = 0;
    std::uint64_t wrong_answers_ = 0;
    std::uint64_t surplus_completions_ = 0;
    std::set<std::uint64_t> in_flight_;
    std::map<std::string, std::uint64_t> failures_;
};

} // namespace vidi_soak
