CREATE TABLE "air_gap_reports" (
	"instance" bigint NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	"digest" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"check_in" jsonb NOT NULL,
	CONSTRAINT "air_gap_reports_instance_reported_at_digest_pk" PRIMARY KEY("instance","reported_at","digest")
);
--> statement-breakpoint
CREATE TABLE "apps" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"status_informers" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text PRIMARY KEY NOT NULL,
	"app_slug" text NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "channels_appSlug_name_unique" UNIQUE("app_slug","name")
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" text PRIMARY KEY NOT NULL,
	"app_slug" text NOT NULL,
	"channel_id" text NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"archived_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hearing_spans" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hearing_spans_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"from_at" timestamp (3) with time zone NOT NULL,
	"to_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "instance_days" (
	"instance" bigint NOT NULL,
	"day" date NOT NULL,
	"up" integer NOT NULL,
	"degraded" integer NOT NULL,
	"down" integer NOT NULL,
	CONSTRAINT "instance_days_instance_day_pk" PRIMARY KEY("instance","day")
);
--> statement-breakpoint
CREATE TABLE "instance_events" (
	"instance" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "instance_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"category" text NOT NULL,
	"field" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reporter" text,
	"received_at" timestamp (3) with time zone,
	"unheard_since" timestamp (3) with time zone,
	CONSTRAINT "instance_events_instance_at_id_pk" PRIMARY KEY("instance","at","id")
);
--> statement-breakpoint
CREATE TABLE "instance_inventories" (
	"instance" bigint NOT NULL,
	"reporter" text NOT NULL,
	"part" text NOT NULL,
	"content" jsonb NOT NULL,
	CONSTRAINT "instance_inventories_instance_reporter_part_pk" PRIMARY KEY("instance","reporter","part")
);
--> statement-breakpoint
CREATE TABLE "instance_metrics" (
	"instance" bigint NOT NULL,
	"name" text NOT NULL,
	"value" jsonb,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "instance_metrics_instance_name_pk" PRIMARY KEY("instance","name")
);
--> statement-breakpoint
CREATE TABLE "instances" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "instances_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"customer_id" text NOT NULL,
	"instance_id" text NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"name" text,
	"tags" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"reports" jsonb,
	"kots_reported_at" timestamp (3) with time zone,
	"sdk_reported_at" timestamp (3) with time zone,
	"status_since" timestamp (3) with time zone,
	"status_reported_at" timestamp (3) with time zone,
	"first_ready_at" timestamp (3) with time zone,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"last_check_in_at" timestamp (3) with time zone NOT NULL,
	"last_event_at" timestamp (3) with time zone NOT NULL,
	"next_within" integer,
	"late_since" timestamp (3) with time zone,
	"inactive_since" timestamp (3) with time zone,
	"refusal" jsonb,
	"air_gap" boolean DEFAULT false NOT NULL,
	"archived_at" timestamp (3) with time zone,
	"versions_behind" integer,
	"attention" smallint NOT NULL,
	"days_closed_through" date,
	"status" text GENERATED ALWAYS AS (facts ->> 'status') STORED,
	"channel_id" text GENERATED ALWAYS AS (facts ->> 'channelId') STORED,
	"version_label" text GENERATED ALWAYS AS (facts ->> 'versionLabel') STORED,
	"k8s_distribution" text GENERATED ALWAYS AS (facts ->> 'k8sDistribution') STORED,
	CONSTRAINT "instances_customerId_instanceId_unique" UNIQUE("customer_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "licenses" (
	"customer_id" text PRIMARY KEY NOT NULL,
	"license_id" text NOT NULL,
	"type" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"features" text[] NOT NULL,
	"entitlements" jsonb NOT NULL,
	"sequence" integer DEFAULT 1 NOT NULL,
	"document" text,
	CONSTRAINT "licenses_licenseId_unique" UNIQUE("license_id")
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"channel_id" text NOT NULL,
	"channel_sequence" integer NOT NULL,
	"release_sequence" integer NOT NULL,
	"version_label" text NOT NULL,
	"promoted_at" timestamp (3) with time zone NOT NULL,
	"release_notes" text DEFAULT '' NOT NULL,
	"is_required" boolean DEFAULT false NOT NULL,
	"demoted_at" timestamp (3) with time zone,
	CONSTRAINT "releases_channel_id_channel_sequence_pk" PRIMARY KEY("channel_id","channel_sequence")
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"zone" text NOT NULL,
	"demo" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
ALTER TABLE "air_gap_reports" ADD CONSTRAINT "air_gap_reports_instance_instances_id_fk" FOREIGN KEY ("instance") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_app_slug_apps_slug_fk" FOREIGN KEY ("app_slug") REFERENCES "public"."apps"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_app_slug_apps_slug_fk" FOREIGN KEY ("app_slug") REFERENCES "public"."apps"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance_days" ADD CONSTRAINT "instance_days_instance_instances_id_fk" FOREIGN KEY ("instance") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance_events" ADD CONSTRAINT "instance_events_instance_instances_id_fk" FOREIGN KEY ("instance") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance_inventories" ADD CONSTRAINT "instance_inventories_instance_instances_id_fk" FOREIGN KEY ("instance") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance_metrics" ADD CONSTRAINT "instance_metrics_instance_instances_id_fk" FOREIGN KEY ("instance") REFERENCES "public"."instances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instances" ADD CONSTRAINT "instances_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "licenses" ADD CONSTRAINT "licenses_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customers_app_slug_index" ON "customers" USING btree ("app_slug");--> statement-breakpoint
CREATE INDEX "instances_instance_id_index" ON "instances" USING btree ("instance_id");--> statement-breakpoint
CREATE INDEX "instances_attention_id_index" ON "instances" USING btree ("attention","id") WHERE archived_at is null;