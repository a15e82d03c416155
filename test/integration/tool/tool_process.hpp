#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace vidi_test {

/// Owns an open file.
class open_file
{
public:
    open_file() = default;
    explicit open_file(int descriptor) noexcept : descriptor_{descriptor} {}
    open_file(open_file&& other) noexcept;
    open_file& operator=(open_file other) noexcept;
    ~open_file() { close(); }

    int get() const noexcept { return descriptor_; }
    bool is_open() const noexcept { return descriptor_ >= 0; }
    void close() noexcept;

private:
    int descriptor_ = -1;
};

struct two_ends
{
    open_file reading;
    open_file writing;
};

/// A pipe that child processes do not inherit.
two_ends make_pipe();

/// How a program is started.
struct process_settings
{
    std::vector<std::string> arguments{};
    /// Set in place of, or beside, those of this process; an empty value removes the variable.
    std::map<std::string, std::string> environment{};
    /// In place of pipes to this process; -1 for a pipe.
    int input = -1;
    int output = -1;
    int errors = -1;
};

struct process_result
{
    /// The exit status; 128 and the number of the signal if one ended it.
    int status = -1;
    /// What was not read before.
    std::string output{};
    std::string errors{};
    /// The most memory it had, in bytes.
    std::size_t peak_memory = 0;
};

/// The program under test, running. It does not outlive this object.
class tool_process
{
public:
    explicit tool_process(process_settings settings);
    tool_process(tool_process const&) = delete;
    tool_process& operator=(tool_process const&) = delete;
    ~tool_process();

    void write(std::string_view text);
    void close_input() { input_.close(); }
    void close_output() { output_.close(); }

    /// Waits for a line of the output, and returns it without its line break.
    std::string read_line();

    void send_signal(int signal);

    /// Reads all it writes, and waits for its end.
    process_result wait();

    /// The same after the end of its input.
    process_result finish();

private:
    pid_t id_ = -1;
    open_file input_;
    open_file output_;
    open_file errors_;
    std::string unread_;
};

/// Runs the program to its end.
process_result run_tool(process_settings settings);

} // namespace vidi_test
