#pragma once

#include <vidi/batch/source.hpp>
#include <vidi/detail/config.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace vidi::batch {

/// What is to be looked over.
struct survey_options
{
    /// Of the job that would be gone on with; empty if there is none. It is read and not changed,
    /// and may be that of a job that is being run.
    std::filesystem::path journal{};
    /// What failed would be asked again.
    bool retry_failed = false;
};

/// What a batch would have to do.
struct survey
{
    std::uint64_t items = 0;
    /// Of these, the ones that cannot be asked, by `unusable::kind`.
    std::map<std::string, std::uint64_t> unusable{};
    /// The ones that ask what an item before them asks.
    std::uint64_t doubles = 0;
    /// The ones that the journal has a result of, without doubles.
    std::uint64_t done = 0;
    /// And the ones that are left: so many questions would be asked.
    std::uint64_t questions = 0;

    /// What the questions are likely to cost. As those of the journal did on average, if it has
    /// some that were answered; else a guess by the size of their text and a usual size of pictures
    /// and answers, which can be far off.
    std::int64_t input_tokens = 0;
    std::int64_t output_tokens = 0;
    /// Answers of the journal that the estimate goes by; 0 if it is a guess.
    std::uint64_t answers_known = 0;
};

/// Reads a source to its end, and says what a batch of it would do. Nothing is sent.
///
/// The memory needed is a few dozen bytes for each different question.
///
/// @throws journal_error The journal cannot be read.
/// @throws What the source throws.
VIDI_DECL boost::asio::awaitable<survey> look_over(source& from, survey_options options = {});

} // namespace vidi::batch
