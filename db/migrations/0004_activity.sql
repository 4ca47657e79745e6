CREATE TABLE "anonymous_reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "anonymous_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"body" jsonb NOT NULL,
	"instance" bigint
);
--> statement-breakpoint
CREATE TABLE "cloud_ranges" (
	"network" "cidr" PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"region" text,
	"source" text NOT NULL,
	"dated" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "anonymous_reports" ADD CONSTRAINT "anonymous_reports_instance_instances_id_fk" FOREIGN KEY ("instance") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "anonymous_reports_key_index" ON "anonymous_reports" USING btree ("key");--> statement-breakpoint
CREATE INDEX "anonymous_reports_received_at_index" ON "anonymous_reports" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "instance_events_at_id_index" ON "instance_events" USING btree ("at","id");