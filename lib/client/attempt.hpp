#pragma once

#include "client/client_state.hpp"
#include "transport/stopwatch.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace vidi {

// One attempt at a request: a connection, an exchange on it, and what came of it.
class attempt
{
public:
    attempt(client_state& shared, unsigned n) noexcept : number{n}, shared_{&shared} {}

    // `reuse` allows a connection that served a request before. `request` must stay as it is.
    transport::task<void> run(transport::operation&, std::string_view request, bool reuse);

    // Makes what arrived into a response, and says so if it is none.
    void understand();

    // A byte of the request may have left.
    bool began() const noexcept { return began_; }

    bool possibly_billed() const noexcept;

    // The server had closed the connection while it was idle, by all that can be known.
    bool met_a_stale_connection() const noexcept;

    // What is known of it, before and after it was understood.
    exchange_info const& known() const noexcept { return answer ? answer->exchange : exchange; }

    // The same, for the admission of further ones.
    admission::outcome result() const noexcept;

    unsigned number;    // among the attempts at the request, from 1
    bool hedge = false; // beside another
    error_code failure;
    exchange_info exchange;

    // From its beginning to its end.
    std::chrono::microseconds latency{};

    // What arrived, once it was understood; it is large, so not held before. `exchange` is in it
    // then.
    std::unique_ptr<response> answer;

private:
    void understand_success();
    void understand_failure();
    void redact(std::string&) const;

    client_state* shared_;
    transport::stopwatch watch_;
    bool began_ = false;
    bool sent_ = false;
    bool fresh_ = true;     // the connection was made for this attempt
    bool answered_ = false; // with a byte at least
    std::string body_;
};

} // namespace vidi
