/* JsonPathOracle.java -- what Jayway's JsonPath makes of paths: standard input holds pairs of a path and a document, each of the two
 * ended by a NUL byte; each pair is answered by a line: "definite" or "list", a space and JSON, or '!' and the name of the exception. */
import com.jayway.jsonpath.JsonPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;

public class JsonPathOracle {
	private static String answer(String path, String document) {
		try {
			JsonPath p = JsonPath.compile(path);
			Object result = p.read(document);
			return (p.isDefinite() ? "definite " : "list ") + JSONValue.toJSONString(result, JSONStyle.NO_COMPRESS);
		} catch (StackOverflowError x) {
			return "!StackOverflowError";
		} catch (Exception x) {
			return "!" + x.getClass().getSimpleName();
		}
	}

	public static void main(String[] args) throws IOException {
		InputStream in = new java.io.BufferedInputStream(System.in, 1 << 16);
		PrintStream out = new PrintStream(System.out, false, "UTF-8");
		ByteArrayOutputStream one = new ByteArrayOutputStream();
		String path = null;
		for (int c; (c = in.read()) >= 0;) {
			if (c != 0) {
				one.write(c);
				continue;
			}
			String text = new String(one.toByteArray(), StandardCharsets.UTF_8);
			one.reset();
			if (path == null) {
				path = text;
				continue;
			}
			out.println(answer(path, text));
			path = null;
		}
		out.flush();
	}
}
