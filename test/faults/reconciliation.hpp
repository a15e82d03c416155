#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vidi_soak {

/// What a request came to, as the client tells it.
struct outcome
{
    std::uint64_t number = 0;
    /// Empty for success.
    std::string failure{};
    unsigned attempts = 0;
    /// How many attempts the server may have executed without the client having the answer; empty
    /// if the client does not count them.
    std::optional<unsigned> possibly_billed{};
};

/// The `X-Client-Request-Id` of a request. The client may append a hyphen and the attempt.
std::string request_id(std::uint64_t number);

/// The number of the request that an id belongs to; empty if it is of another kind.
std::optional<std::uint64_t> number_of(std::string const& id);

/// A line of a file of outcomes, without a line break.
std::string to_line(outcome const& outcome);

/// Lays what the client tells and the server's ledger side by side.
class reconciliation
{
public:
    void read_outcomes(std::istream& lines);
    /// As `vidi emulate --ledger` writes it.
    void read_ledger(std::istream& lines);

    /// What does not agree. Empty if all is well.
    std::vector<std::string> complaints() const;

    /// A sentence with the sums.
    std::string summary() const;

private:
    /// What the server did for one request, over all attempts.
    struct service_record
    {
        unsigned attempts = 0;
        unsigned executed = 0;
        /// Executed, and a whole answer was not sent.
        unsigned lost = 0;
        /// Executed, answered, and no fault came between.
        unsigned answered_well = 0;
    };

    struct attempt_sums
    {
        std::uint64_t made = 0;
        std::uint64_t received = 0;
    };

    attempt_sums add_up() const;
    void check(outcome const& outcome, std::vector<std::string>& complaints) const;

    std::map<std::uint64_t, outcome> outcomes_;
    std::map<std::uint64_t, service_record> services_;
    std::uint64_t told_twice_ = 0;
    std::uint64_t faults_ = 0;
    std::uint64_t executed_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t strangers_ = 0;
};

} // namespace vidi_soak
