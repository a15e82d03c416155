#pragma once

#include "open_list.hpp"
#include "progress_display.hpp"
#include "record_sink.hpp"
#include "record_writer.hpp"
#include "request_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace vidi_tool {

struct batch_options
{
    request_settings request;
    list_options list;
    record_target output;
    /// As the name of the output says, if it is not told.
    std::optional<record_format> format;
    progress_style progress = progress_style::automatic;
    /// Requests in flight at the same time, at most.
    std::size_t concurrency = 256;
    /// So many, whatever the server makes of it.
    bool fixed_concurrency = false;
    /// The provider's limits, if it does not tell them; 0 if there are none.
    std::uint64_t requests_per_minute = 0;
    std::uint64_t tokens_per_minute = 0;
    /// Goes on with what an earlier run began.
    bool resume = false;
    /// And asks again what failed.
    bool retry_failed = false;
    /// Results in the order of the list.
    bool in_order = false;
    /// Nothing is sent: says what would be.
    bool dry_run = false;
    /// What tokens cost, for that.
    std::string prices_file;
    /// Nothing more is begun when so much was used; 0 is no limit.
    std::uint64_t budget_requests = 0;
    std::uint64_t budget_tokens = 0;
};

/// The journal beside the output.
std::string journal_of(batch_options const& options);

/// What must be the same for all runs of a job.
std::string job_of(batch_options const& options);

/// Whether an earlier run is gone on with.
/// @throws usage_error It is, but no output of it is named.
bool resumes(batch_options const& options);

/// Describes the images of a list. Returns the exit status.
int run_batch(batch_options const& options);

/// Adds `batch` to the program. Parsing it runs it and sets the exit status.
void add_batch_command(CLI::App& app, int& status);

} // namespace vidi_tool
