"""jupyter_kernel_test, the tests that Jupyter has for all kernels."""

import unittest

import jupyter_kernel_test


class Messages(jupyter_kernel_test.KernelTests):
    kernel_name = "glassbox"
    language_name = "swift"
    file_extension = ".swift"

    code_hello_world = 'print("hello, world")'
    code_stderr = 'import Foundation\nFileHandle.standardError.write(Data("a warning\\n".utf8))'
    code_execute_result = [
        {"code": "21 + 21", "result": "42"},
        {"code": "[1, 2, 3].map { $0 * 2 }", "result": "[2, 4, 6]"},
        {"code": "let half = 0.5\nhalf * half", "result": "0.25"},
    ]
    code_clear_output = "print(1)\nclearOutput()"
    code_page_something = "%help"
    code_display_data = [
        {"code": 'display(HTML("<b>bold</b>"))', "mime": "text/html"},
        {"code": 'display(Markdown("*so*"))', "mime": "text/markdown"},
        {"code": """display(SVG("<svg xmlns='http://www.w3.org/2000/svg'/>"))""", "mime": "image/svg+xml"},
    ]
    code_generate_error = "struct Broken: Error {}\nthrow Broken()"

    completion_samples = [
        {"text": "let zebraCrossing = 1\nzebraCr", "matches": {"zebraCrossing"}},
        {"text": "[1, 2].isEmp", "matches": {"isEmpty"}},
    ]
    complete_code_samples = ["print(1)", "let x = 1", "func f() {\n  print(1)\n}", 'print("""\n  a\n  """)', ""]
    incomplete_code_samples = ["func f() {", "let xs = [1,", 'print("""\n  a', "if true {\n  print(1)", "/* to be"]
    invalid_code_samples = ["let = 3", "print(1))", "struct {}"]
    code_inspect_sample = "print"

    supported_history_operations = ("tail", "range", "search")
    # It fits the first of the results above alone.
    code_history_pattern = "21*"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "glassbox"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
