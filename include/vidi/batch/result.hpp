#pragma once

#include <vidi/output.hpp>
#include <vidi/response.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace vidi::batch {

/// Why an item has no answer.
struct failure
{
    /// For programs: the name of a `vidi::errc`, an `unusable::kind`, or one of `incomplete`,
    /// `failed`, `cancelled`, `unfinished`, `refused`, `no_text`.
    std::string kind{};
    /// For a person, on one line.
    std::string message{};
    /// 0 if there was none.
    int http_status = 0;
    /// Of the server, for its support; may be empty.
    std::string request_id{};
    /// The API's own error code; may be empty.
    std::string code{};

    bool operator==(failure const&) const = default;
};

/// What became of an item. This is all that the journal keeps of it.
struct result
{
    /// As the server named it; empty if it gave none.
    std::string status{};
    /// What the model wrote; may be there beside a failure, such as `incomplete`.
    std::string text{};
    std::optional<vidi::usage> usage{};
    std::optional<batch::failure> failure{};
    /// Requests sent for it, those of earlier runs not included.
    unsigned attempts = 0;
    /// Of those, the ones without an answer that may have been executed, and billed.
    unsigned possibly_billed = 0;
    /// How often it was in flight when a run ended without its answer. Each may have been billed.
    unsigned interrupted = 0;
    /// From the first attempt to the answer.
    std::chrono::milliseconds duration{};
    /// When it was done.
    std::chrono::sys_time<std::chrono::milliseconds> completed{};

    bool operator==(result const&) const = default;
};

} // namespace vidi::batch
