"""The kernel under Jupyter's own suite, and what that suite leaves out: python3 kernel_suite.py"""
import time
import unittest

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel

jupyter_kernel_test.TIMEOUT = 60
NAME = "interp-csharp"


class Suite(jupyter_kernel_test.KernelTests):
    kernel_name = NAME
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("careful");'
    completion_samples = [
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
        {"text": "torch.ones_l", "matches": {"ones_like"}},
    ]
    complete_code_samples = ["1 + 1", "var x = 1;", "int F()\n{\n    return 1;\n}"]
    incomplete_code_samples = ["int F()\n{", "foreach (var i in new[] { 1 })"]
    invalid_code_samples = ["var = 3;;)"]
    code_generate_error = 'throw new InvalidOperationException("broken");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + 1', "result": "a1"},
        {"code": "torch.ones([2, 2])", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'display(Html("<b>x</b>"));', "mime": "text/html"},
        {"code": 'display(Svg("<svg/>"));', "mime": "image/svg+xml"},
        {"code": "display(Png(new byte[] { 1 }));", "mime": "image/png"},
        {"code": 'display(new BarFigure("Bars", ["a"], new float[] { 1 }));', "mime": "application/vnd.plotly.v1+json"},
    ]
    code_history_pattern = "6 *"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "torch.ones"
    code_clear_output = "clear_output();"


class Behaviour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.started = time.monotonic()
        cls.km, cls.kc = start_new_kernel(kernel_name=NAME)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel()

    def run_cell(self, code, timeout=60, **options):
        outputs = []
        reply = self.kc.execute_interactive(code, timeout=timeout, output_hook=outputs.append, **options)
        return reply["content"], outputs

    def reply_to(self, message):
        while True:
            reply = self.kc.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == message:
                return reply["content"]

    def test_a_first_cell_is_quick_and_later_ones_are_quicker(self):
        begun = time.monotonic()
        self.run_cell("1 + 1")
        first = time.monotonic() - begun
        times = []
        for _ in range(20):
            begun = time.monotonic()
            self.run_cell("1 + 1")
            times.append(time.monotonic() - begun)
        print(f"first cell {first:.2f} s, later {sorted(times)[10] * 1000:.0f} ms (median of 20)")

    def test_a_loop_is_interrupted(self):
        message = self.kc.execute("while (true) { }")
        time.sleep(1)
        begun = time.monotonic()
        self.km.interrupt_kernel()
        content = self.reply_to(message)
        print(f"interrupted after {time.monotonic() - begun:.2f} s")
        self.assertEqual("Interrupted", content["ename"])
        self.assertEqual("ok", self.run_cell("1")[0]["status"])

    def test_cells_that_wait_behind_a_failure_are_aborted(self):
        messages = [self.kc.execute(code) for code in ("Thread.Sleep(300); int.Parse(\"x\")", "1", "2")]
        self.assertEqual(["error", "aborted", "aborted"], [self.reply_to(message)["status"] for message in messages])

    def test_input_is_asked_of_the_person(self):
        content, outputs = self.run_cell('Console.Write(input("name? "));', allow_stdin=True,
                                         stdin_hook=lambda message: self.kc.input("Ada"))
        self.assertEqual("ok", content["status"])
        self.assertEqual(["Ada"], [o["content"]["text"] for o in outputs if o["msg_type"] == "stream"])

    def test_an_error_names_the_line_of_its_cell(self):
        content, outputs = self.run_cell("var a = 1;\nint.Parse(\"x\")")
        self.assertEqual("FormatException", content["ename"])
        self.assertTrue(any("line 2" in line for line in content["traceback"]))
        self.assertEqual(1, len([o for o in outputs if o["msg_type"] == "error"]))

    def test_user_expressions_are_evaluated(self):
        content, _ = self.run_cell("var five = 5;", user_expressions={"x": "five + 1", "y": "nothing"})
        self.assertEqual("6", content["user_expressions"]["x"]["data"]["text/plain"])
        self.assertEqual("error", content["user_expressions"]["y"]["status"])

    def test_a_message_with_a_wrong_signature_gets_no_answer(self):
        key = self.kc.session.key
        self.kc.session.key = b"wrong"
        try:
            self.kc.kernel_info()
        finally:
            self.kc.session.key = key
        right = self.kc.kernel_info()
        reply = self.kc.get_shell_msg(timeout=60)
        self.assertEqual(right, reply["parent_header"]["msg_id"])

    def test_a_position_counts_characters_and_not_utf_16(self):
        content = self.reply_to(self.kc.complete('var s = "\U0001F600"; Console.WriteL'))
        self.assertEqual(["WriteLine"], content["matches"])
        self.assertEqual((21, 27), (content["cursor_start"], content["cursor_end"]))

    def test_inspection_shows_the_documentation(self):
        text = self.reply_to(self.kc.inspect("HookedTransformer.Load"))["data"]["text/plain"]
        self.assertIn("Loads a model with raw weights", text)


class Endings(unittest.TestCase):
    def test_a_cell_that_ends_the_process_is_reported(self):
        for code in ("Environment.Exit(3);", "int F(int n) => n == 0 ? 0 : 1 + F(n + 1); F(1)"):
            km, kc = start_new_kernel(kernel_name=NAME)
            try:
                message = kc.execute(code)
                begun, content = time.monotonic(), None
                while km.is_alive() and time.monotonic() - begun < 60:
                    try:
                        reply = kc.get_shell_msg(timeout=0.5)
                    except Exception:
                        continue
                    if reply["parent_header"].get("msg_id") == message:
                        content = reply["content"]
                self.assertFalse(km.is_alive())
                if "Exit" in code:
                    self.assertEqual("KernelEnded", content["ename"])
            finally:
                kc.stop_channels()
                km.shutdown_kernel(now=True)

    def test_a_restart_forgets_everything(self):
        km, kc = start_new_kernel(kernel_name=NAME)
        try:
            kc.execute_interactive("var here = 1;", timeout=60)
            km.restart_kernel()
            kc.wait_for_ready(timeout=60)
            reply = kc.execute_interactive("here", timeout=60, output_hook=lambda message: None)
            self.assertEqual("CompilationError", reply["content"]["ename"])
        finally:
            kc.stop_channels()
            km.shutdown_kernel()
        self.assertFalse(km.is_alive())


if __name__ == "__main__":
    unittest.main(verbosity=2)
