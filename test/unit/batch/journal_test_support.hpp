#pragma once

#include "batch/journal.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vidi::batch {

inline std::ostream& operator<<(std::ostream& out, journal_counts const& c)
{
    return out << c.items << " items, " << c.questions << " questions, " << c.succeeded
               << " succeeded, " << c.failed << " failed, " << c.in_flight << " in flight, "
               << c.input_tokens << " + " << c.output_tokens << " tokens";
}

} // namespace vidi::batch

namespace vidi::batch::test {

/// A directory for one test, which is deleted after it.
class scratch_directory
{
public:
    scratch_directory()
    {
        std::string name = std::filesystem::temp_directory_path() / "vidi-journal-XXXXXX";
        if (!mkdtemp(name.data()))
            throw std::runtime_error{"cannot make a directory for the test"};
        path_ = name;
    }
    ~scratch_directory() { std::filesystem::remove_all(path_); }

    scratch_directory(scratch_directory const&) = delete;
    scratch_directory& operator=(scratch_directory const&) = delete;

    std::filesystem::path operator/(std::string const& name) const { return path_ / name; }
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// The item at a position, made from its number; item i asks question i, unless it is a double.
inline origin item_at(std::uint64_t position)
{
    auto const number = std::to_string(position);
    return {position, boost::json::value("id-" + number), "picture-" + number + ".jpg"};
}

inline identity question_of(std::uint64_t number)
{
    return identify("question " + std::to_string(number));
}

inline result answer(std::string text)
{
    result answered;
    answered.status = "completed";
    answered.text = std::move(text);
    answered.attempts = 1;
    return answered;
}

inline result failed(std::string kind)
{
    result answered;
    answered.failure.emplace();
    answered.failure->kind = std::move(kind);
    answered.attempts = 1;
    return answered;
}

/// Runs `body` in a child process, and returns the status that waitpid() gave. A child ends with 0,
/// or 1 if `body` throws.
inline int status_of_child(std::function<void()> const& body)
{
    pid_t const child = fork();
    if (child == 0) {
        try {
            body();
            _exit(0);
        }
        catch (std::exception const& e) {
            std::fprintf(stderr, "%s\n", e.what());
            _exit(1);
        }
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

/// What the error says; empty if there is none.
inline std::string error_of(std::function<void()> const& action)
{
    try {
        action();
    }
    catch (journal_error const& e) {
        return e.what();
    }
    return {};
}

using read_item = std::pair<origin, std::optional<result>>;

inline std::vector<read_item> read_all(std::filesystem::path const& file)
{
    std::vector<read_item> items;
    journal_reader{file}.each([&](origin const& origin, result const* result) {
        items.emplace_back(origin, result ? std::optional{*result} : std::nullopt);
        return true;
    });
    return items;
}

/// Positions and ends, in the order of the output.
inline std::vector<std::pair<std::uint64_t, std::uint64_t>> reported(journal& journal)
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ends;
    journal.each_reported([&](origin const& origin, result const&, std::uint64_t end) {
        ends.emplace_back(origin.position, end);
        return true;
    });
    return ends;
}

/// A test whose journal is `file`.
class journal_test : public ::testing::Test
{
protected:
    std::unique_ptr<journal> create() { return open(journal_mode::create); }
    std::unique_ptr<journal> resume() { return open(journal_mode::resume); }
    std::unique_ptr<journal> open(journal_mode mode)
    {
        return std::make_unique<journal>(file, mode, "the job");
    }

    scratch_directory directory;
    std::filesystem::path const file = directory / "answers.journal";
};

} // namespace vidi::batch::test
