/* RegexOracle.java -- what java.util.regex makes of patterns: standard input holds a pattern, a text and a replacement, each ended by a
 * NUL byte; each three are answered by a line of JSON: [matches, replaced, pieces...], or by '!' and the name of the exception. */
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

public class RegexOracle {
	private static String quoted(String s) {
		StringBuilder b = new StringBuilder("\"");
		for (char c : s.toCharArray())
			b.append(c < 0x20 || c > 0x7e || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
		return b.append('"').toString();
	}

	private static String answer(String pattern, String text, String with) {
		try {
			StringBuilder b = new StringBuilder("[");
			b.append(text.matches(pattern)).append(',').append(quoted(text.replaceAll(pattern, with)));
			for (String s : text.split(pattern))
				b.append(',').append(quoted(s));
			return b.append(']').toString();
		} catch (StackOverflowError x) {
			return "!StackOverflowError";
		} catch (Exception x) {
			return "!" + x.getClass().getSimpleName();
		}
	}

	public static void main(String[] args) throws IOException {
		InputStream in = new BufferedInputStream(System.in, 1 << 16);
		PrintStream out = new PrintStream(System.out, false, "UTF-8");
		ByteArrayOutputStream one = new ByteArrayOutputStream();
		List<String> three = new ArrayList<>();
		for (int c; (c = in.read()) >= 0;) {
			if (c != 0) {
				one.write(c);
				continue;
			}
			three.add(new String(one.toByteArray(), StandardCharsets.UTF_8));
			one.reset();
			if (three.size() < 3)
				continue;
			out.println(answer(three.get(0), three.get(1), three.get(2)));
			three.clear();
		}
		out.flush();
	}
}
